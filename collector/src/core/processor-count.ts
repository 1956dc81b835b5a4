import type { Signal } from './signal.ts';

/** What a processor did to the telemetry of a service since the start of the process. */
export interface ProcessorCount {
  /** The word in configuration: `redact`, `content`, `limit`, `sample`, `enrich`. */
  processor: string;
  /** Which of its rules: `email`, `value_length`, `health_checks`. */
  rule: string;
  /** `redacted`, `hashed`, `stripped`, `cut`, `dropped`, `clamped`, `merged`, `inserted`. */
  action: string;
  signal: Signal;
  service: string;
  /** Values, attributes or items. */
  count: number;
  /** Milliseconds since 1970 UTC. */
  lastUnixMs: number;
}
