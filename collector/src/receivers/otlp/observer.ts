import type { Signal } from '#core/signal.ts';
import type { Encoding } from '#otlp/response.ts';
import type { Compression } from './read-body.ts';

/** What is known of a request once its answer has left, or its sender has gone. Never holds a body or a header. */
export interface FinishedRequest {
  method: string;
  /** Without the query, at most 200 characters; not bounded in kinds, so no label of a metric. */
  path: string;
  /** null when the path belongs to no signal. */
  signal: Signal | null;
  /** What was answered: an HTTP status (499: the sender closed before the answer), or the name of a gRPC code. */
  status: number | string;
  /** `failed`: a fault of ours. */
  outcome: 'accepted' | 'refused' | 'failed';
  durationMs: number;
  /** Body bytes as they came over the wire; as declared when none were read. */
  bodyBytes: number;
  /** Bytes of the checked protobuf payload; 0 when it did not come that far. */
  payloadBytes: number;
  /** Good spans, log records or data points that were found; accepted when the outcome is. */
  items: number;
  /** Items of an accepted request that were left out (`partial_success`). */
  rejected: number;
  /** Accepted data points with delta temporality. */
  deltaPoints: number;
  encoding: Encoding | null;
  compression: Compression | null;
  userAgent: string | null;
  traceparent: string | null;
  remoteAddress: string | null;
  /** Sent by this very process; must never lead to more telemetry. */
  isSelf: boolean;
  /** Why it was refused, or why items were left out. */
  reason?: string;
  /** A fault of ours behind a refusal. */
  error?: unknown;
}

/** Whoever counts and logs requests. Called once for each, after its end; must not throw, since no one could answer for it. */
export interface ReceiverObserver {
  requestFinished(request: FinishedRequest): void;
}
