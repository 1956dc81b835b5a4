/** How long looking through the texts and keys of one request may take. */
export interface TimeBudget {
  /** Begins a request. */
  begin(): void;
  /** Is told of a piece of work, a question to a rule or a key to be judged; throws TooCostlyError once the time is over. */
  spend(): void;
}

/** A text that costs too much to look through; it goes as a whole. */
export class TooCostlyError extends Error {
  override name = 'TooCostlyError';
}

const PIECES_A_LOOK = 256;

/**
 * Rules are linear, but text can be made so that each byte costs a microsecond. `ms` is for all texts of a request
 * together, of the clock `monotonicMs`; ordinary telemetry needs a thousandth of it.
 */
export function createTimeBudget(ms: number, monotonicMs: () => number): TimeBudget {
  let deadline = Number.POSITIVE_INFINITY;
  let isOver = false;
  let pieces = 0;
  return {
    begin() {
      deadline = monotonicMs() + ms;
      isOver = false;
    },
    spend() {
      if (!isOver && ++pieces % PIECES_A_LOOK === 0) isOver = monotonicMs() > deadline;
      if (isOver) throw new TooCostlyError('looking through the texts of this request took too long');
    },
  };
}
