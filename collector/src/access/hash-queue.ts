/** Too much waits already; whoever asked should try again in a moment. */
export class BusyError extends Error {
  override name = 'BusyError';
}

/** Runs at most `atOnce` pieces of work, lets `waiting` more wait, and rejects what comes then with BusyError. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** One hash takes 19 MiB and tens of milliseconds, so logins together must not take what the machine has. */
export function createQueue(limits: { atOnce: number; waiting: number }): Queue {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limits.atOnce) {
      if (waiting.length >= limits.waiting) throw new BusyError('too many logins at the same time');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
