import { join } from 'node:path';
import type { Config } from '#config/schema.ts';
import { nodeFileSystem } from '#journal/file-system.ts';
import type { JournalEvents } from '#journal/journal.ts';
import { type Journals, openJournals } from '#journal/journals.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';
import { createRepeatLimiter } from '#self/repeat-limiter.ts';

/** Opens the journals in the data folder; `destinations` are those that read them. Throws OperatorError. */
export function startJournals(
  config: Config,
  deps: { destinations: readonly string[]; logger: Logger; metrics: Metrics },
): Promise<Journals> {
  return openJournals(config.journal, {
    folder: join(config.data_dir, 'journal'),
    destinations: deps.destinations,
    fs: nodeFileSystem,
    clocks: { wallMs: Date.now, monotonicMs: () => performance.now() },
    events: { ...logEvents(deps.logger), committed: deps.metrics.observeJournalCommit },
  });
}

function logEvents(logger: Logger): JournalEvents {
  // A full disk fails with every request.
  const limiter = createRepeatLimiter({ every: 100, maxKinds: 32 });
  return {
    failed({ error, signal, what }) {
      const admitted = limiter.admit(`${signal} ${what} ${error.message}`);
      if (admitted === null) return;
      const message = 'the journal failed; what is not on disk is refused with 503';
      logger.error(message, { signal, what, error, ...admitted });
    },
    recovered(signal) {
      limiter.reset();
      logger.info('the journal is written again', { signal });
    },
    dropped: (drop) => logger.warn('the journal reached a limit and removed its oldest segment', { ...drop }),
    torn: (torn) =>
      logger.warn('the journal ended in a write that was not finished; it was cut off', { ...torn }),
  };
}
