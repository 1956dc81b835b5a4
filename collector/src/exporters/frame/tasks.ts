import type { Timing } from './timing.ts';

/** What runs by itself and has to be waited for at the end. */
export interface Tasks {
  track(task: Promise<void>): void;
  /** Waits until none runs, at most `ms`. */
  finish(ms: number): Promise<void>;
}

/** `onFault` is told of a task that threw, which none should. */
export function createTasks(timing: Timing, onFault: (error: unknown) => void): Tasks {
  const running = new Set<Promise<void>>();

  async function allDone(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
  }

  return {
    track(task) {
      const guarded = task.catch(onFault).finally(() => running.delete(guarded));
      running.add(guarded);
    },
    async finish(ms) {
      const done = new AbortController();
      await Promise.race([allDone(), timing.sleep(ms, done.signal)]);
      done.abort();
    },
  };
}
