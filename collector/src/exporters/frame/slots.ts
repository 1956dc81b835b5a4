/** A bounded number of things at the same time; who waits longest goes first. */
export interface Slots {
  readonly free: number;
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** `onFree` is called when a slot is free and nobody waits for it. */
export function createSlots(size: number, onFree: () => void): Slots {
  let free = size;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next !== undefined) return next();
    free++;
    onFree();
  };
  return {
    get free() {
      return free;
    },
    async run(work) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
