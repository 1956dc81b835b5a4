import { setTimeout as sleepFor } from 'node:timers/promises';

/** Time as the frame sees it; tests bring their own. */
export interface Timing {
  /** Milliseconds since 1970 UTC at the start, and steady from there: setting the machine's clock must not change waits. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export const systemTiming: Timing = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    sleepFor(ms, undefined, signal === undefined ? {} : { signal }).then(
      () => undefined,
      () => undefined,
    ),
  random: Math.random,
};
