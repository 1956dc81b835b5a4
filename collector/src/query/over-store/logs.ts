import { rawJson } from '#core/exact-json.ts';
import type { Row } from '#store/reader.ts';
import { readQuery } from '#store/sql-files.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { LogResult, LogsPage } from '../log-results.ts';
import type { LogFilters, Page, TimeRange } from '../requests.ts';
import type { StoreReads } from './context.ts';
import { logConditions } from './filters.ts';
import { type Origins, readOrigins } from './origins.ts';

const LOGS = readQuery('logs');
const NOWHERE = rawJson('{}');

/** A page of log records that meet all filters, newest first. */
export async function readLogs(
  store: StoreReads,
  request: { range: TimeRange; filters: LogFilters; page: Page },
  signal: AbortSignal,
): Promise<LogsPage> {
  const { page, range } = request;
  const conditions = logConditions(request.filters);
  const before = decodeCursor(page.cursor, /^\d{1,20}$/);
  const found = await store.read(
    LOGS.replace('/*filters*/', conditions.sql),
    {
      ...conditions.params,
      from: range.from,
      to: range.to,
      before: before?.time ?? null,
      before_id: before === null ? null : BigInt(before.id),
      limit: BigInt(page.limit + 1),
    },
    signal,
  );
  const rows = found.slice(0, page.limit);
  const last = rows.at(-1);
  return {
    logs: await toLogs(store, rows, signal),
    nextCursor:
      found.length > page.limit && last ? encodeCursor(String(last.at_unix_nano), String(last.log_id)) : null,
    wordsIn: 'body_and_attributes',
  };
}

/** Rows of `logs` as results, with their resources and scopes. */
export async function toLogs(
  store: StoreReads,
  rows: readonly Row[],
  signal?: AbortSignal,
): Promise<LogResult[]> {
  const origins = await readOrigins(store, rows, signal);
  return rows.map((row) => toLog(row, origins));
}

function toLog(row: Row, origins: Origins): LogResult {
  return {
    id: String(row.log_id),
    timeUnixNano: String(row.time_unix_nano),
    observedTimeUnixNano: String(row.observed_time_unix_nano),
    severityNumber: Number(row.severity_number),
    severityText: String(row.severity_text),
    service: String(row.service),
    body: rawJson(String(row.body)),
    eventName: String(row.event_name),
    traceId: row.trace_id as string | null,
    spanId: row.span_id as string | null,
    flags: Number(row.flags),
    attributes: rawJson(String(row.attributes)),
    droppedAttributesCount: Number(row.dropped_attributes_count),
    resource: origins.resources.get(String(row.resource_id)) ?? {
      attributes: NOWHERE,
      droppedAttributesCount: 0,
      schemaUrl: '',
      entityRefs: rawJson('[]'),
    },
    scope: origins.scopes.get(String(row.scope_id)) ?? {
      name: '',
      version: '',
      attributes: NOWHERE,
      droppedAttributesCount: 0,
      schemaUrl: '',
    },
  };
}
