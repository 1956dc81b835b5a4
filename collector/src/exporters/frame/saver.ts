import type { Timing } from './timing.ts';

export interface SaverDeps {
  /** Takes what is to be saved when it is called. */
  save(): Promise<void>;
  timing: Timing;
  onFailure(error: unknown): void;
}

/** Saves at most once at a time; what is asked for meanwhile is one more. */
export interface Saver {
  request(): void;
  /** False after a failure, until saving succeeds again. */
  readonly isKeepingUp: boolean;
  /** Resolves when all that was asked for is saved, or saving failed; does not try again then. */
  stop(): Promise<void>;
}

const AGAIN_MS = 1000;

export function createSaver({ save, timing, onFailure }: SaverDeps): Saver {
  const stopping = new AbortController();
  let isDirty = false;
  let hasFailed = false;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (isDirty) {
      isDirty = false;
      try {
        await save();
        hasFailed = false;
      } catch (error) {
        hasFailed = true;
        onFailure(error);
        if (stopping.signal.aborted) return;
        isDirty = true;
        await timing.sleep(AGAIN_MS, stopping.signal);
      }
    }
  }

  function request(): void {
    isDirty = true;
    running ??= run().finally(() => {
      running = null;
      if (isDirty && !stopping.signal.aborted) request();
    });
  }

  return {
    request,
    get isKeepingUp() {
      return !hasFailed;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
