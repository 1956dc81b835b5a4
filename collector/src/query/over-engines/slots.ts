import { InterruptedError } from '#core/errors.ts';

/** Lets a bounded number of tasks run at once; others wait for their turn. */
export interface Slots {
  /** Throws InterruptedError when too many wait, or when `signal` aborts before its turn. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSlots(limits: { running: number; waiting: number }): Slots {
  let free = limits.running;
  const waiting = new Set<() => void>();

  const enter = (signal: AbortSignal): Promise<void> | undefined => {
    if (free > 0) {
      free--;
      return undefined;
    }
    if (waiting.size >= limits.waiting) throw new InterruptedError('too many queries are waiting');
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        waiting.delete(start);
        reject(new InterruptedError('stopped by its reader'));
      };
      waiting.add(start);
      signal.addEventListener('abort', stop, { once: true });
    });
  };
  const leave = () => {
    const [next] = waiting;
    if (next === undefined) free++;
    else {
      waiting.delete(next);
      next();
    }
  };

  return {
    async run(task, signal) {
      await enter(signal);
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
