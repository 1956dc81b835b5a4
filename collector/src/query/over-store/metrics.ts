import { readQuery } from '#store/sql-files.ts';
import { BadRequestError, type Page, type TimeRange } from '../requests.ts';
import type { MetricsPage } from '../results.ts';
import type { StoreReads } from './context.ts';
import { nameOf, TEMPORALITIES } from './names.ts';

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
    nextCursor:
      rows.length > shown.length ? Buffer.from(String(shown.at(-1)!.name)).toString('base64url') : null,
  };
}

function decodeName(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (name === '')
    throw new BadRequestError('cursor', 'is not a cursor of this list; leave it out for the first page');
  return name;
}
