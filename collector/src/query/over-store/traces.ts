import type { Row } from '#store/reader.ts';
import { readQuery } from '#store/sql-files.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { latest } from '../latest.ts';
import type { Page, SpanFilters, TimeRange } from '../requests.ts';
import type { TracesPage } from '../trace-results.ts';
import type { StoreReads } from './context.ts';
import { spanConditions } from './filters.ts';

const SQL = { find: readQuery('find-traces'), summarise: readQuery('summarise-traces') };
/** Spans of a found trace are looked for this far outside the page's times. */
const MARGIN_NANOS = 3_600_000_000_000n;

/** A page of traces that have a span which meets all filters, newest first. */
export async function readTraces(
  store: StoreReads,
  request: { range: TimeRange; filters: SpanFilters; page: Page },
  signal: AbortSignal,
): Promise<TracesPage> {
  const { filters, page, range } = request;
  const conditions = spanConditions(filters);
  const before = decodeCursor(page.cursor, /^[0-9a-f]{32}$/);
  const found = await store.read(
    SQL.find.replace('/*filters*/', conditions.sql),
    {
      ...conditions.params,
      from: range.from,
      to: range.to,
      before: before?.time ?? null,
      before_trace: before === null ? null : BigInt(`0x${before.id}`),
      limit: BigInt(page.limit + 1),
    },
    signal,
  );
  const rows = found.slice(0, page.limit);
  const last = rows.at(-1);
  return {
    traces: rows.length === 0 ? [] : await summarise(store, rows, signal),
    nextCursor:
      found.length > page.limit && last ? encodeCursor(String(last.newest), String(last.trace_id)) : null,
  };
}

async function summarise(
  store: StoreReads,
  found: readonly Row[],
  signal: AbortSignal,
): Promise<TracesPage['traces']> {
  const newest = BigInt(String(found[0]!.newest));
  const oldest = BigInt(String(found.at(-1)!.newest));
  const names = found.map((_, index) => `$trace_${index}`);
  const ids = Object.fromEntries(found.map((row, index) => [`trace_${index}`, BigInt(`0x${row.trace_id}`)]));
  const from = oldest > MARGIN_NANOS ? oldest - MARGIN_NANOS : 0n;
  const rows = await store.read(
    SQL.summarise.replace('/*trace_ids*/', names.join(', ')),
    { ...ids, from, to: newest + MARGIN_NANOS },
    signal,
  );
  const byTrace = Map.groupBy(rows, (row) => row.trace_id);
  return found.map((row) => toSummary(row, byTrace.get(row.trace_id) ?? []));
}

function toSummary(found: Row, services: readonly Row[]): TracesPage['traces'][number] {
  const earliest = (key: 'root_start' | 'first_start') =>
    services.filter((row) => row[key] !== null).sort((a, b) => compare(a[key], b[key]))[0];
  const root = earliest('root_start');
  const first = root ?? earliest('first_start');
  const start = BigInt(String(root?.root_start ?? first?.first_start ?? found.newest));
  const ends = services.map((row) => BigInt(String(row.last_end)));
  return {
    traceId: String(found.trace_id),
    rootService: String(first?.service ?? ''),
    rootOperation: String(root?.root_name ?? first?.first_name ?? ''),
    rootMissing: root === undefined,
    startTimeUnixNano: String(start),
    durationNano: Number(root?.root_duration ?? latest(ends, start) - start),
    spans: sum(services, 'spans'),
    errors: sum(services, 'errors'),
    matchedSpanId: String(found.matched_span_id),
    services: services
      .map((row) => ({ service: String(row.service), spans: Number(row.spans), errors: Number(row.errors) }))
      .sort((a, b) => b.spans - a.spans || a.service.localeCompare(b.service)),
  };
}

function sum(rows: readonly Row[], key: string): number {
  return rows.reduce((total, row) => total + Number(row[key]), 0);
}

function compare(a: unknown, b: unknown): number {
  const [left, right] = [BigInt(String(a)), BigInt(String(b))];
  return left < right ? -1 : left > right ? 1 : 0;
}
