/** The three OTLP signals; also the words in paths (`/v1/traces`), tables, metrics and logs. */
export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];
