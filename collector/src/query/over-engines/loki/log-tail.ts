import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#core/clock.ts';
import type { LogTail } from '../../log-results.ts';
import type { LogFilters } from '../../requests.ts';
import { logQuery } from './logql.ts';
import type { KeptLog, LokiClient } from './loki-client.ts';

const POLL_MS = 1000;
const MAX_BATCH = 500;
const SECOND = 1_000_000_000n;
/** Senders batch records for some seconds. */
const LATE = 15n * SECOND;
/** Clocks of senders can be ahead. */
const AHEAD = 60n * SECOND;
const NOTHING = { logs: [], dropped: 0 };

/**
 * Follows the logs by asking for the last seconds again and again: what arrives later than that after it was written
 * is passed over. A reader that is too slow misses the oldest, and is told.
 */
export function createLogTail(loki: LokiClient, filters: LogFilters, clock: Clock): LogTail {
  const query = logQuery(filters);
  const closing = new AbortController();
  let seen: Map<string, bigint> | null = null;
  let floor = 0n;
  let pollAtMs = 0;

  const poll = async (signal: AbortSignal): Promise<Awaited<ReturnType<LogTail['next']>>> => {
    const now = clock();
    const range = { from: now - LATE > floor ? now - LATE : floor, to: now + AHEAD };
    const found = await loki.logs({ query: query!, range, limit: MAX_BATCH }, signal);
    const before = seen ?? new Map<string, bigint>();
    const fresh = seen === null ? [] : found.filter(({ log }) => !before.has(log.id)).reverse();
    const oldest = found.length === MAX_BATCH ? found.at(-1)!.time : null;
    const known = [...before].filter(([, time]) => time >= range.from);
    const dropped =
      seen === null || oldest === null
        ? 0
        : (await loki.count({ query: query!, range }, signal)) - union(known, found);
    if (oldest !== null) floor = oldest;
    seen = new Map([...known, ...found.map(({ log, time }) => [log.id, time] as const)]);
    return { logs: fresh.map(({ log }) => log), dropped: Math.max(0, dropped) };
  };

  const follow = async (signal: AbortSignal): Promise<Awaited<ReturnType<LogTail['next']>>> => {
    for (;;) {
      await sleep(Math.max(0, pollAtMs - performance.now()), undefined, { signal });
      pollAtMs = performance.now() + POLL_MS;
      if (query === null) continue;
      const news = await poll(signal);
      if (news.logs.length > 0 || news.dropped > 0) return news;
    }
  };

  return {
    async next(signal) {
      const gone = AbortSignal.any([signal, closing.signal]);
      try {
        return await follow(gone);
      } catch (error) {
        if (gone.aborted) return NOTHING;
        throw error;
      }
    },
    close: () => closing.abort(),
  };
}

/** How many records are in one of the two. */
function union(known: readonly [string, bigint][], found: readonly KeptLog[]): number {
  return new Set([...known.map(([id]) => id), ...found.map(({ log }) => log.id)]).size;
}
