export interface BackOffConfig {
  initialMs: number;
  factor: number;
  maxMs: number;
}

/** OTLP specification, "OTLP/HTTP Throttling": exponential, with jitter. The values are those of most SDKs, capped lower. */
export const DEFAULT_BACK_OFF: BackOffConfig = Object.freeze({ initialMs: 1000, factor: 2, maxMs: 30_000 });

const LONGEST_ASKED_MS = 600_000;

/**
 * Milliseconds before the attempt after `failures` failed ones: half of the exponential delay and up to as much
 * again by chance, but not less than the destination asked for, of which at most 10 minutes are granted.
 */
export function delayMs(
  config: BackOffConfig,
  failures: number,
  { afterMs, random }: { afterMs: number | null; random: number },
): number {
  const grown = Math.min(config.maxMs, config.initialMs * config.factor ** Math.min(failures - 1, 100));
  const chosen = grown / 2 + (grown / 2) * random;
  return Math.max(chosen, Math.min(afterMs ?? 0, LONGEST_ASKED_MS));
}
