import type { Clock } from '#core/clock.ts';
import { createExclusive } from '#core/exclusive.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';
import { type Alert, isWatchdog, type Notice } from './alert.ts';
import { type AlertFile, createAlertFile } from './alert-file.ts';
import { type AlertShelf, createAlertShelf } from './alert-shelf.ts';
import { boundText } from './bound-text.ts';
import { type AlertRequest, selectAlerts } from './select-alerts.ts';

export interface Notification {
  notices: readonly Notice[];
  /** How many more the sender had and left out. */
  leftOut: number;
}

/** `kept`: on disk. `retry_after`: it may be once `seconds` have gone by. */
export type RecordOutcome =
  | { kind: 'kept'; taken: number; late: number }
  | { kind: 'retry_after'; seconds: number; reason: string };

export interface AlertSummary {
  /** Without the Watchdog, as all counts. */
  firing: number;
  resolved: number;
  /** null when none was ever heard, or so long ago that it is forgotten. */
  watchdog: Alert | null;
}

/** What alerts fire, and which did, as far as notifications tell. */
export interface AlertBook {
  /** Takes what one notification tells. What came of it is seen at once, also when the disk did not take it. */
  record(notification: Notification): Promise<RecordOutcome>;
  /** A page of alerts; the Watchdog is no alert that anybody waits for and not among them. */
  find(request: AlertRequest): { alerts: Alert[]; hasMore: boolean };
  summary(): AlertSummary;
  /** Why the last write failed; null when it did not. */
  failure(): string | null;
  /** Ends the write under way. */
  close(): Promise<void>;
}

export interface AlertBookDeps {
  clock: Clock;
  logger: Logger;
  metrics: Pick<Metrics, 'countAlertNotices' | 'countAlertsRemoved'>;
}

const LIMITS = {
  maxAlerts: 10_000,
  maxEpisodes: 100,
  maxBytes: 32 * 1024 * 1024,
  maxAgeNano: 30n * 86_400n * 1_000_000_000n,
};
const RETRY_SECONDS = 5;

/** Opens the book in `folder`, which is this process's alone. A damaged file costs what cannot be read of it. */
export async function openAlertBook(folder: string, deps: AlertBookDeps): Promise<AlertBook> {
  const { clock, metrics } = deps;
  const file = createAlertFile(folder);
  const shelf = createAlertShelf(LIMITS);
  const saving = createSaving(() => file.write(shelf.lines()), deps.logger);

  const tidy = () => metrics.countAlertsRemoved(shelf.tidy(clock()));

  if (await load(shelf, { file, logger: deps.logger })) await saving.save();
  tidy();
  metrics.countAlertNotices({ taken: 0, late: 0, leftOut: 0 });
  return {
    async record({ leftOut, notices }) {
      const nowNano = clock();
      const late = notices.filter((notice) => shelf.apply(boundText(notice), nowNano) === 'late').length;
      const taken = notices.length - late;
      metrics.countAlertNotices({ taken, late, leftOut });
      if (leftOut > 0) deps.logger.warn('a notification was cut short by its sender', { leftOut });
      tidy();
      const failure = await saving.save();
      if (failure === null) return { kind: 'kept', taken, late };
      return { kind: 'retry_after', seconds: RETRY_SECONDS, reason: failure };
    },
    find(request) {
      tidy();
      return selectAlerts(
        shelf.alerts().filter((alert) => !isWatchdog(alert)),
        request,
      );
    },
    summary: () => summarise(shelf.alerts()),
    failure: saving.failure,
    close: saving.settled,
  };
}

/** Whether the file was damaged and has to be written anew. */
async function load(shelf: AlertShelf, deps: { file: AlertFile; logger: Logger }): Promise<boolean> {
  const { file, logger } = deps;
  const { alerts, damage } = await file.read();
  for (const alert of alerts) shelf.put(alert);
  if (damage === null) return false;
  const keptAs = await file.setAside().catch((error: Error) => `nowhere: ${error.message}`);
  const context = { path: file.path, reason: damage, keptAs, alerts: alerts.length };
  logger.error('the file of alerts is damaged; what can be read of it is used', context);
  return true;
}

function summarise(all: readonly Alert[]): AlertSummary {
  const summary: AlertSummary = { firing: 0, resolved: 0, watchdog: null };
  for (const alert of all) {
    if (!isWatchdog(alert)) summary[alert.state]++;
    else if (alert.lastNotifiedUnixNano > (summary.watchdog?.lastNotifiedUnixNano ?? 0n)) {
      summary.watchdog = alert;
    }
  }
  return summary;
}

/** Writes one after another; who asks while one is under way shares the next. */
function createSaving(write: () => Promise<void>, logger: Logger) {
  const exclusive = createExclusive();
  let next: Promise<string | null> | null = null;
  let failure: string | null = null;

  async function run(): Promise<string | null> {
    next = null;
    const before = failure;
    failure = await write().then(
      () => null,
      (error: Error) => error.message,
    );
    if (failure !== null && failure !== before) logger.error('alerts cannot be written to disk', { failure });
    if (failure === null && before !== null) logger.info('alerts are written to disk again');
    return failure;
  }

  return {
    /** Resolves when what is known now is on disk: to null, or to why it is not. */
    save: (): Promise<string | null> => {
      next ??= exclusive(run);
      return next;
    },
    failure: () => failure,
    settled: () => exclusive(async () => undefined),
  };
}
