/** Clean-ups in the order of set-up; run in reverse, each at most once, also when one fails. */
export interface CleanupStack {
  push(name: string, cleanup: () => Promise<void> | void): void;
  /** Runs what was pushed, last first. Calling it again waits for the first call. */
  run(): Promise<void>;
}

export function createCleanupStack(onError: (name: string, error: Error) => void): CleanupStack {
  const cleanups: { name: string; cleanup: () => Promise<void> | void }[] = [];
  let running: Promise<void> | null = null;
  const runAll = async () => {
    for (const { cleanup, name } of cleanups.reverse()) {
      try {
        await cleanup();
      } catch (error) {
        onError(name, error as Error);
      }
    }
  };
  return {
    push: (name, cleanup) => void cleanups.push({ name, cleanup }),
    run: () => {
      running ??= runAll();
      return running;
    },
  };
}
