/** Why the signal of `withDeadline` aborts, when it is not the reader that went away. */
export class DeadlinePassed extends Error {
  override name = 'DeadlinePassed';
}

/**
 * Runs `work` with a signal that also aborts after `timeoutMs`: one request of ours can become many to the engines,
 * one after another, each with a time limit of its own. Whichever engine is asked then is named in an EngineError.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DeadlinePassed()), timeoutMs);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
