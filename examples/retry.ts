/** What one attempt gives: a result to keep, or a reason to try again. */
export type Attempt<T> = { kind: 'done'; value: T } | { kind: 'again'; reason: string };

export interface RetryOptions {
  attempts: number;
  /** The wait before the second attempt; each further one doubles. Half of it is left to chance. */
  baseDelayMs: number;
  wait: (delayMs: number) => Promise<unknown>;
  random: () => number;
  /** Called before each wait. */
  onRetry?: (retry: { attempt: number; delayMs: number; reason: string }) => void;
}

/**
 * Runs `task` (given the attempt's number, from 1) until it is done or `attempts` are used up.
 * Exponential back-off with jitter, so that callers who failed together do not come back together.
 */
export async function retry<T>(
  options: RetryOptions,
  task: (attempt: number) => Promise<Attempt<T>>,
): Promise<Attempt<T>> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await task(attempt);
    if (outcome.kind === 'done' || attempt >= options.attempts) return outcome;
    const delayMs = options.baseDelayMs * 2 ** (attempt - 1) * (0.5 + options.random() / 2);
    options.onRetry?.({ attempt, delayMs, reason: outcome.reason });
    await options.wait(delayMs);
  }
}
