import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';
import type { ExporterEvent, ExporterObserver } from './frame/observer.ts';

/** Counts what exporters do and logs what somebody should know; never a line for each item. */
export function createExporterObserver(deps: { metrics: Metrics; logger: Logger }): ExporterObserver {
  const { metrics } = deps;
  return (of, event) => {
    if (event.kind === 'attempted') {
      metrics.countExporterRequest({ exporter: of.destination, signal: of.signal, result: event.result });
    } else if (event.kind === 'settled') {
      const { damaged, deadLettered, delivered, expired, refused } = event.counts;
      const sendFailed = Math.max(0, damaged + deadLettered + expired + refused);
      metrics.countExporterItems({
        exporter: of.destination,
        signal: of.signal,
        sent: Math.max(0, delivered),
        sendFailed,
      });
      if (damaged > 0 || expired > 0) {
        deps.logger.warn('items were lost before the destination took them', { ...of, damaged, expired });
      }
    } else log(deps.logger.child('exporter', of), event);
  };
}

type Told = Exclude<ExporterEvent, { kind: 'attempted' | 'settled' }>;

const LINES: Record<Told['kind'], { level: 'info' | 'warn' | 'error'; message: string }> = {
  retrying: { level: 'warn', message: 'a destination does not take data; it waits in the journal' },
  recovered: { level: 'info', message: 'a destination takes data again' },
  partly_refused: { level: 'warn', message: 'a destination left items out' },
  split: { level: 'warn', message: 'a batch was refused and taken apart' },
  dead_letters_evicted: { level: 'warn', message: 'dead letters were removed to make room for newer ones' },
  replayed: { level: 'info', message: 'dead letters were sent again' },
  disk_failed: { level: 'error', message: 'progress or dead letters cannot be written; tried again' },
  began: { level: 'info', message: 'a destination begins at the oldest record of the journal' },
  fault: { level: 'error', message: 'an exporter failed' },
};

function log(logger: Logger, event: Told): void {
  // The very first start is no news.
  if (event.kind === 'began' && event.reason === null) return;
  const { kind, ...context } = event;
  const { level, message } = LINES[kind];
  logger[level](message, context);
}
