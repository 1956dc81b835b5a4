import type { Logger } from '#self/log-record.ts';

/** Knows whether the store can write, from what its commits come to. */
export interface WriteWatch {
  failed(error: Error): void;
  succeeded(): void;
  /** What the last commit failed of; null when it did not, or when none failed for a minute: nobody may be sending. */
  failure(): string | null;
}

/** What waits is tried again and again, so that a full disk fails often. */
const MINUTE_MS = 60_000;

/**
 * Logs the first failure, each change of its message, one line a minute while it lasts, and its end; the lines
 * count the failures since the first.
 */
export function createWriteWatch(logger: Logger, nowMs: () => number): WriteWatch {
  let last: string | null = null;
  let failures = 0;
  let toldMs = 0;
  let failedMs = 0;
  return {
    failed(error) {
      failures++;
      failedMs = nowMs();
      const isNews = error.message !== last || nowMs() - toldMs >= MINUTE_MS;
      last = error.message;
      if (!isNews) return;
      toldMs = nowMs();
      logger.error('the store failed to write; what it has not taken waits in the journal', {
        failures,
        error,
      });
    },
    succeeded() {
      if (last === null) return;
      logger.info('the store writes again', { failures });
      last = null;
      failures = 0;
    },
    failure: () => (nowMs() - failedMs < MINUTE_MS ? last : null),
  };
}
