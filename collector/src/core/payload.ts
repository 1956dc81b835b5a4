import type { Signal } from './signal.ts';

/** Where a payload entered: an app's request, or the collector's own telemetry. */
export type Source = 'otlp_http' | 'otlp_grpc' | 'self';

/**
 * One accepted request as it travels through the collector: an OTLP
 * `Export<Signal>ServiceRequest` in protobuf, uncompressed, whose structure has been checked.
 */
export interface Payload {
  signal: Signal;
  /** Whose data it is; '' when senders are not told apart. */
  tenant: string;
  bytes: Uint8Array;
  /** The same as gzip, all of it consumed when it was checked; null when it is kept uncompressed. */
  gzip: Uint8Array | null;
  /** Spans, log records or metric data points in `bytes`. */
  items: number;
  /** When the collector received it, nanoseconds since 1970 UTC. */
  receivedUnixNano: bigint;
  /** Range of the times that its items carry, milliseconds since 1970 UTC; 0 and 0 when they carry none. */
  minTimeUnixMs: number;
  maxTimeUnixMs: number;
  /** Bytes of its largest item. */
  longestItemBytes: number;
  source: Source;
}
