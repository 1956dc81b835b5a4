import { readQuery } from '#store/sql-files.ts';
import { decodeName, encodeName } from '../name-cursor.ts';
import { nameOf, TEMPORALITIES } from '../names.ts';
import type { Page, TimeRange } from '../requests.ts';
import type { MetricsPage } from '../results.ts';
import type { StoreReads } from './context.ts';

const METRICS = readQuery('metrics');

/** A page of the metrics with points in the range, by name. */
export async function readMetrics(
  store: StoreReads,
  request: { range: TimeRange; q: string | null; service: string | null; page: Page },
  signal: AbortSignal,
): Promise<MetricsPage> {
  const { page, range } = request;
  const rows = await store.read(
    METRICS,
    {
      from: range.from,
      to: range.to,
      q: request.q,
      service: request.service,
      after: page.cursor === null ? null : decodeName(page.cursor),
      limit: BigInt(page.limit + 1),
    },
    signal,
  );
  const names = new Set([...new Set(rows.map((row) => String(row.name)))].slice(0, page.limit));
  const shown = rows.filter((row) => names.has(String(row.name)));
  return {
    metrics: shown.map((row) => ({
      name: String(row.name),
      description: String(row.description),
      unit: String(row.unit),
      type: String(row.type),
      temporality: nameOf(TEMPORALITIES, row.temporality),
      monotonic: row.monotonic === true,
      series: Number(row.series),
      services: row.services as string[],
      lastSeenUnixNano: String(row.last_seen),
    })),
    nextCursor: rows.length > shown.length ? encodeName(String(shown.at(-1)!.name)) : null,
  };
}
