import { decodeCursor, encodeCursor } from '../../cursor.ts';
import type { LogsPage } from '../../log-results.ts';
import type { LogFilters, Page, TimeRange } from '../../requests.ts';
import { windowsOf } from '../../time-windows.ts';
import { logQuery } from './logql.ts';
import { type KeptLog, type LokiClient, MAX_LIMIT } from './loki-client.ts';

/** A query's longest range, below Loki's own (limits_config.max_query_length, 30 days and an hour by default). */
const WINDOW = 30n * 86_400_000_000_000n;
/** Time, then the hash and how many of the same time the pages before had. */
const ID = /^\d{1,20}-[0-9a-f]{16}-\d{1,4}$/;

interface Cursor {
  time: bigint;
  id: string;
  shownAtTime: number;
}

/** A page of log records that meet all filters, newest first. */
export async function readLogs(
  loki: LokiClient,
  request: { range: TimeRange; filters: LogFilters; page: Page },
  signal: AbortSignal,
): Promise<LogsPage> {
  const { page, range } = request;
  const before = decode(page.cursor);
  const query = logQuery(request.filters);
  if (query === null) return { logs: [], nextCursor: null, wordsIn: 'body' };
  const to = before !== null && before.time < range.to ? before.time + 1n : range.to;
  const found: KeptLog[] = [];
  for (const window of windowsOf({ from: range.from, to }, WINDOW)) {
    const wanted = page.limit + 1 - found.length;
    found.push(...(await searchWindow(loki, { query, range: window, before, wanted }, signal)));
    if (found.length > page.limit) break;
  }
  const shown = found.slice(0, page.limit);
  return {
    logs: shown.map(({ log }) => log),
    nextCursor: found.length > page.limit ? encode(shown, before) : null,
    wordsIn: 'body',
  };
}

/**
 * At least `wanted` records behind the cursor when the window has so many, none left out between but those of one
 * nanosecond beyond MAX_LIMIT: Loki has no way to ask for them.
 */
async function searchWindow(
  loki: LokiClient,
  search: { query: string; range: TimeRange; before: Cursor | null; wanted: number },
  signal: AbortSignal,
): Promise<KeptLog[]> {
  const { before, query, wanted } = search;
  const { from } = search.range;
  const passed: KeptLog[] = [];
  let { to } = search.range;
  let limit = wanted + (before?.shownAtTime ?? 0);
  while (to > from) {
    limit = Math.min(limit, MAX_LIMIT);
    const all = await loki.logs({ query, range: { from, to }, limit }, signal);
    const found = all.filter(
      ({ log, time }) => before === null || time < before.time || isBefore(log.id, before),
    );
    if (all.length < limit) return [...passed, ...found];
    // Which ones of those with the last time came, chance has decided.
    const last = all.at(-1)!.time;
    const certain = found.filter(({ time }) => time > last);
    if (passed.length + certain.length >= wanted) return [...passed, ...certain];
    if (limit < MAX_LIMIT) {
      limit *= 2;
      continue;
    }
    const onlyOneTime = all[0]!.time === last;
    passed.push(...(onlyOneTime ? found : certain));
    if (passed.length >= wanted) return passed;
    to = onlyOneTime ? last : last + 1n;
  }
  return passed;
}

function isBefore(id: string, before: Cursor): boolean {
  return id.startsWith(`${before.time}-`) && id < before.id;
}

function encode(shown: readonly KeptLog[], before: Cursor | null): string {
  const { log, time } = shown.at(-1)!;
  const here = shown.filter((one) => one.time === time).length;
  return encodeCursor(String(time), `${log.id}-${here + (before?.time === time ? before.shownAtTime : 0)}`);
}

function decode(cursor: string | null): Cursor | null {
  const decoded = decodeCursor(cursor, ID);
  if (decoded === null) return null;
  const [time, content, shown] = decoded.id.split('-');
  return { time: decoded.time, id: `${time}-${content}`, shownAtTime: Number(shown) };
}
