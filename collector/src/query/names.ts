/** Words for OTLP's enums, by number (opentelemetry-proto, trace.proto and metrics.proto). */
export const SPAN_KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
export const STATUS_CODES = ['UNSET', 'OK', 'ERROR'] as const;
export const TEMPORALITIES = ['unspecified', 'delta', 'cumulative'] as const;

/** The word for `value`, or the number itself when a later OTLP has more. */
export function nameOf(names: readonly string[], value: unknown): string {
  return names[Number(value)] ?? String(value);
}
