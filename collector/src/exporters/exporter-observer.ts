import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';
import type { ExporterEvent, ExporterObserver } from './frame/observer.ts';

/**
 * Counts what exporters do and logs what somebody should know: of each kind at most one line a minute for a destination
 * and signal. They are of component `exporter`, which is left out of own telemetry: it would be about itself.
 */
export function createExporterObserver(deps: {
  metrics: Metrics;
  logger: Logger;
  /** Milliseconds, only compared with themselves. */
  nowMs?(): number;
}): ExporterObserver {
  const { metrics } = deps;
  const logger = deps.logger.child('exporter');
  const admit = createMinuteGate(deps.nowMs ?? (() => performance.now()));
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
        const message = 'items were lost before the destination took them';
        logger.warn(message, { ...of, damaged, expired });
      }
    } else if (event.kind === 'adjusted') {
      metrics.countAdjustedItems({ exporter: of.destination, signal: of.signal, ...event });
    } else {
      const held = admit(`${of.destination} ${of.signal} ${event.kind}`);
      if (held !== null)
        log(logger.child('exporter', { ...of, ...(held > 0 ? { suppressed: held } : {}) }), event);
    }
  };
}

const MINUTE_MS = 60_000;

/** How many of this key were held back since the last one let through, or null to hold this one back. */
function createMinuteGate(nowMs: () => number): (key: string) => number | null {
  const seen = new Map<string, { atMs: number; held: number }>();
  return (key) => {
    const last = seen.get(key);
    if (last !== undefined && nowMs() - last.atMs < MINUTE_MS) {
      last.held++;
      return null;
    }
    seen.set(key, { atMs: nowMs(), held: 0 });
    return last?.held ?? 0;
  };
}

type Told = Exclude<ExporterEvent, { kind: 'adjusted' | 'attempted' | 'settled' }>;

const LINES: Record<Told['kind'], { level: 'info' | 'warn' | 'error'; message: string }> = {
  retrying: { level: 'warn', message: 'a destination does not take data; it waits in the journal' },
  recovered: { level: 'info', message: 'a destination takes data again' },
  unconfirmed: {
    level: 'warn',
    message: 'connections to a destination close too soon to confirm what it took; it is believed',
  },
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
