import { trace } from '@opentelemetry/api';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { recordIngestSpan } from './ingest-span.ts';
import { createIngestTally, type IngestTally, roundMs } from './ingest-summary.ts';
import type { Logger } from './log-record.ts';
import type { Metrics } from './metrics.ts';
import { createRepeatLimiter } from './repeat-limiter.ts';

/** A finished ingest request, as far as it is counted and logged; receivers give more. */
export interface IngestRequest {
  method: string;
  /** Without the query. */
  path: string;
  signal: Signal | null;
  /** An HTTP status, or the name of a gRPC code. */
  status: number | string;
  outcome: 'accepted' | 'refused' | 'failed';
  durationMs: number;
  bodyBytes: number;
  payloadBytes: number;
  items: number;
  rejected: number;
  /** Accepted data points with delta temporality. */
  deltaPoints: number;
  encoding: string | null;
  compression: string | null;
  userAgent: string | null;
  traceparent: string | null;
  remoteAddress: string | null;
  isSelf: boolean;
  reason?: string;
  error?: unknown;
}

export interface IngestObserverConfig {
  /** Word for the labels of metrics, as in `otlp_http`. */
  receiver: string;
  transport: string;
  traceSampleRatio: number;
  summaryIntervalMs: number;
}

export interface IngestObserverDeps {
  logger: Logger;
  metrics: Metrics;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export interface IngestObserver {
  requestFinished(request: IngestRequest): void;
  /** Writes the summaries of the interval that has begun and stops the timer. */
  stop(): void;
}

/** The words of otelcol_receiver_requests. */
const OUTCOMES = { accepted: 'success', refused: 'refused', failed: 'failure' } as const;
const WARN_EVERY = 100;
const MAX_REASONS = 256;
const MAX_REASON_CHARS = 300;

/**
 * Counts every ingest request; sums accepted ones up into one line per signal and interval; warns of refused
 * ones and partial successes, the first of each reason and then every hundredth; traces a sample. Requests
 * of the collector itself (`isSelf`) are counted under the receiver `self` and lead to nothing else, so that
 * telemetry about telemetry does not feed itself.
 */
export function createIngestObserver(config: IngestObserverConfig, deps: IngestObserverDeps): IngestObserver {
  const { logger, metrics } = deps;
  const tallies = Object.fromEntries(
    SIGNALS.map((signal) => [signal, createIngestTally(deps.random)]),
  ) as Record<Signal, IngestTally>;
  const limiter = createRepeatLimiter({ every: WARN_EVERY, maxKinds: MAX_REASONS });
  const tracer = trace.getTracer('signalbox');

  function warn(request: IngestRequest): void {
    const admitted = limiter.admit(kindOf(request));
    if (admitted === null) return;
    const message =
      request.outcome === 'accepted' ? 'ingest request partly refused' : 'ingest request refused';
    logger.warn(message, { ...describe(request), ...(admitted.suppressed > 0 ? admitted : {}) });
  }

  function flush(): void {
    for (const signal of SIGNALS) {
      const summary = tallies[signal].take();
      if (summary !== null) logger.info('ingest summary', { signal, receiver: config.receiver, ...summary });
    }
    for (const { kind, suppressed } of limiter.reset()) {
      logger.warn('ingest requests refused, not logged one by one', { kind, suppressed });
    }
  }

  const timer = setInterval(flush, config.summaryIntervalMs);
  timer.unref();

  return {
    requestFinished(request) {
      count(metrics, request.isSelf ? { receiver: 'self', transport: config.transport } : config, request);
      if (request.isSelf) return;
      const { outcome, signal } = request;
      if (outcome === 'accepted' && signal !== null) {
        tallies[signal].add({ ...request, bytes: request.bodyBytes });
      }
      if (outcome !== 'accepted' || request.rejected > 0) warn(request);
      if (deps.random() < config.traceSampleRatio) recordIngestSpan(tracer, request);
    },
    stop() {
      clearInterval(timer);
      flush();
    },
  };
}

function count(
  metrics: Metrics,
  labels: { receiver: string; transport: string },
  request: IngestRequest,
): void {
  const { signal, items, rejected } = request;
  const { receiver, transport } = labels;
  const isAccepted = request.outcome === 'accepted';
  const isFault = request.outcome === 'failed';
  metrics.countReceiverRequest({ receiver, signal: signal ?? 'none', outcome: OUTCOMES[request.outcome] });
  if (signal === null) return;
  if (signal === 'metrics') metrics.countDeltaPoints({ receiver, points: request.deltaPoints });
  metrics.countReceiverItems({
    receiver,
    transport,
    signal,
    accepted: isAccepted ? items : 0,
    refused: rejected + (isAccepted || isFault ? 0 : items),
    failed: isFault ? items : 0,
  });
}

/** Reasons with other numbers in them (offsets, counts) are the same reason. */
function kindOf({ method, signal, status, reason }: IngestRequest): string {
  const text = reason?.slice(0, MAX_REASON_CHARS).replace(/\d+/g, 'N') ?? '';
  return `${method} ${signal ?? 'no signal'} ${status} ${text}`.trim();
}

function describe(request: IngestRequest): Record<string, unknown> {
  return {
    method: request.method,
    route: request.path,
    status: request.status,
    durationMs: roundMs(request.durationMs),
    requestBytes: request.bodyBytes,
    payloadBytes: request.payloadBytes,
    items: request.items,
    rejected: request.rejected,
    encoding: request.encoding,
    compression: request.compression,
    userAgent: request.userAgent,
    remoteAddress: request.remoteAddress,
    ...(request.reason === undefined ? {} : { reason: request.reason.slice(0, MAX_REASON_CHARS) }),
    ...(request.error === undefined ? {} : { error: request.error }),
  };
}
