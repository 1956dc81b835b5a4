/**
 * Ids that rise for ever: milliseconds since 1970 times 4096, or one more than the last.
 * Unique across restarts as long as fewer than four million are taken a second. Below 2^53 until the year 2039.
 */
export function createIdSource(now: () => number = Date.now): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, now() * 4096);
    return last;
  };
}
