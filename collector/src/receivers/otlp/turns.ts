/** Runs at most `max` jobs at the same time, the others wait in order. */
export interface Turns {
  run<T>(job: () => Promise<T>): Promise<T>;
}

export function createTurns(max: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async run(job) {
      if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
      else running++;
      try {
        return await job();
      } finally {
        const next = waiting.shift();
        if (next === undefined) running--;
        else next();
      }
    },
  };
}
