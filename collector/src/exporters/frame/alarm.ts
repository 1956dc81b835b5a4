import type { Timing } from './timing.ts';

/** Calls `ring` at the earliest of the times given to it, milliseconds since 1970 UTC; those that are past are left out. */
export function createAlarm(
  ring: () => void,
  { timing, stopping }: { timing: Timing; stopping: AbortSignal },
): (atMs: number) => void {
  let setForMs = Number.POSITIVE_INFINITY;
  return (atMs) => {
    const nowMs = timing.now();
    if (atMs <= nowMs || atMs >= setForMs) return;
    setForMs = atMs;
    void timing.sleep(atMs - nowMs, stopping).then(() => {
      setForMs = Number.POSITIVE_INFINITY;
      ring();
    });
  };
}
