import type { Signal } from './signal.ts';

/** Where a payload entered: an app's request, or the collector's own telemetry. */
export type Source = 'otlp_http' | 'self';

/**
 * One accepted request as it travels through the collector: an OTLP
 * `Export<Signal>ServiceRequest` in protobuf, uncompressed, whose structure has been checked.
 */
export interface Payload {
  signal: Signal;
  bytes: Uint8Array;
  /** Spans, log records or metric data points in `bytes`. */
  items: number;
  /** When the collector received it, nanoseconds since 1970 UTC. */
  receivedUnixNano: bigint;
  source: Source;
}
