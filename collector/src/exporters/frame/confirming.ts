/** Waits for confirmations until it is stopped. */
export interface Confirming {
  /** What `confirmation` says, or false once stopping has begun. */
  wait(confirmation: Promise<boolean>): Promise<boolean>;
}

/** One listener for all, as thousands may be waited for at the same time. */
export function createConfirming(stopping: AbortSignal): Confirming {
  const waiting = new Set<(isWritten: boolean) => void>();
  stopping.addEventListener('abort', () => {
    for (const end of waiting) end(false);
  });
  return {
    async wait(confirmation) {
      if (stopping.aborted) return false;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      waiting.add(resolve);
      confirmation.then(resolve, () => resolve(false));
      return promise.finally(() => waiting.delete(resolve));
    },
  };
}
