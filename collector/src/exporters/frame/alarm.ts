import type { Timing } from './timing.ts';

/**
 * Calls `ring` at the earliest of the times given to it, on the clock of `timing`; those up to `seenMs` are left out.
 * `seenMs` is when the caller looked: a time that has passed since then must still ring.
 */
export function createAlarm(
  ring: () => void,
  { timing, stopping }: { timing: Timing; stopping: AbortSignal },
): (atMs: number, seenMs: number) => void {
  let setForMs = Number.POSITIVE_INFINITY;
  return (atMs, seenMs) => {
    if (atMs <= seenMs || atMs >= setForMs) return;
    setForMs = atMs;
    void timing.sleep(Math.max(0, atMs - timing.now()), stopping).then(() => {
      setForMs = Number.POSITIVE_INFINITY;
      ring();
    });
  };
}
