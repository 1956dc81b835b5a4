import { readQuery } from '#store/sql-files.ts';
import type { LogTail } from '../log-results.ts';
import type { LogFilters } from '../requests.ts';
import type { StoreReads } from './context.ts';
import { logConditions } from './filters.ts';
import { toLogs } from './logs.ts';

const SQL = { after: readQuery('logs-after'), last: readQuery('last-log-id') };
const MAX_BATCH = 500;
const NOTHING = { logs: [], dropped: 0 };

/** Follows the logs in the order of their arrival; a reader that is too slow misses the oldest, and is told. */
export function createLogTail(store: StoreReads, filters: LogFilters, since: bigint): LogTail {
  const conditions = logConditions(filters);
  const sql = SQL.after.replace('/*filters*/', conditions.sql);
  let after: bigint | null = null;
  let news = true;
  let wake: (() => void) | null = null;
  const unsubscribe = store.onCommit((payloads) => {
    if (!payloads.some((payload) => payload.signal === 'logs')) return;
    news = true;
    wake?.();
  });
  const untilNews = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        wake = null;
        resolve();
      };
      if (news || signal.aborted) return resolve();
      wake = done;
      signal.addEventListener('abort', done);
    });

  const follow = async (signal: AbortSignal): Promise<Awaited<ReturnType<LogTail['next']>>> => {
    after ??= BigInt(String((await store.read(SQL.last, {}, signal))[0]!.last));
    for (;;) {
      await untilNews(signal);
      if (signal.aborted) return NOTHING;
      news = false;
      const params = { ...conditions.params, after, since, limit: BigInt(MAX_BATCH) };
      const rows = await store.read(sql, params, signal);
      if (rows.length === 0) continue;
      after = BigInt(String(rows[0]!.log_id));
      const logs = await toLogs(store, rows.reverse(), signal);
      return { logs, dropped: Number(rows[0]!.matching) - rows.length };
    }
  };

  return {
    next: (signal) =>
      follow(signal).catch((error: unknown) => {
        if (signal.aborted) return NOTHING;
        throw error;
      }),
    close: unsubscribe,
  };
}
