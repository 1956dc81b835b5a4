/** How long texts may be looked through in vain, for one request. */
export interface TimeBudget {
  /** Begins a request. */
  begin(): void;
  /** Is told that a rule was asked in vain; throws TooCostlyError once the time is over. */
  miss(): void;
}

/** A text that costs too much to look through; it goes as a whole. */
export class TooCostlyError extends Error {
  override name = 'TooCostlyError';
}

const MISSES_A_LOOK = 1024;

/**
 * Rules are linear, but text can be made so that each byte costs a microsecond. `ms` is for all texts of a request
 * together, of the clock `monotonicMs`; ordinary telemetry needs a thousandth of it.
 */
export function createTimeBudget(ms: number, monotonicMs: () => number): TimeBudget {
  let deadline = Number.POSITIVE_INFINITY;
  let isOver = false;
  let misses = 0;
  return {
    begin() {
      deadline = monotonicMs() + ms;
      isOver = false;
    },
    miss() {
      if (!isOver && ++misses % MISSES_A_LOOK === 0) isOver = monotonicMs() > deadline;
      if (isOver) throw new TooCostlyError('looking through the texts of this request took too long');
    },
  };
}
