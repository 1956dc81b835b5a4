import type { Alert } from '#api/schemas/alerts.ts';
import { nanoToMs } from '../format/time.ts';

/** Alertmanager's `repeat_interval`, four hours by default and in the stack, and what it rounds up to. */
const REPEATED_WITHIN_MS = 5 * 3_600_000;

/**
 * For how many milliseconds nothing was heard of an alert that fires, when that is longer than it should be: what
 * is silenced or inhibited in Alertmanager is not repeated, and neither is its end told. Otherwise null.
 */
export function unheardForMs(
  { lastNotifiedUnixNano, state }: Pick<Alert, 'lastNotifiedUnixNano' | 'state'>,
  nowMs: number,
): number | null {
  const silentMs = nowMs - nanoToMs(lastNotifiedUnixNano);
  return state === 'firing' && silentMs > REPEATED_WITHIN_MS ? silentMs : null;
}
