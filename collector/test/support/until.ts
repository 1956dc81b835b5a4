import { setTimeout as sleep } from 'node:timers/promises';

const stepMs = 100;

/**
 * Calls `probe` every 100 ms until it returns something other than undefined, and returns that. Throws with
 * `what` in its message after `timeoutMs` (default 20 s), or at once when the probe throws.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() >= deadlineMs) throw new Error(`still waiting for ${what} after ${timeoutMs} ms`);
    await sleep(stepMs);
  }
}
