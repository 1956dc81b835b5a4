import { rawJson } from '#core/exact-json.ts';
import type { Row } from '#store/reader.ts';
import { readQuery } from '#store/sql-files.ts';
import { nameOf, SPAN_KINDS, STATUS_CODES } from '../names.ts';
import type { SpanResult, TraceDetail } from '../trace-results.ts';
import { extentOf, placeSpans } from '../trace-times.ts';
import type { StoreReads } from './context.ts';
import { toLogs } from './logs.ts';
import { readOrigins } from './origins.ts';

const SQL = { spans: readQuery('trace'), logs: readQuery('trace-logs') };
const MAX_SPANS = 20_000;
const MAX_LOGS = 1_000;

/** The whole trace with its logs, spans in the order of their start on the clock of the root. */
export async function readTrace(
  store: StoreReads,
  traceId: string,
  signal: AbortSignal,
): Promise<TraceDetail | null> {
  const id = BigInt(`0x${traceId}`);
  const [spanRows, logRows] = await Promise.all([
    store.read(SQL.spans, { trace_id: id, limit: BigInt(MAX_SPANS) }, signal),
    store.read(SQL.logs, { trace_id: id, limit: BigInt(MAX_LOGS) }, signal),
  ]);
  if (spanRows.length === 0 && logRows.length === 0) return null;
  const origins = await readOrigins(store, spanRows, signal);
  const resourceIds = [...origins.resources.keys()];
  const scopeIds = [...origins.scopes.keys()];
  const indexes = { resources: indexOf(resourceIds), scopes: indexOf(scopeIds) };
  const spans = spanRows.map((row) => toSpan(row, indexes));
  placeSpans(spans);
  const logs = await toLogs(store, logRows, signal);
  return {
    traceId,
    ...extentOf(spans, logs[0]?.timeUnixNano ?? '0'),
    spans,
    spansTotal: Number(spanRows[0]?.spans_total ?? 0),
    resources: [...origins.resources.values()],
    scopes: [...origins.scopes.values()],
    logs,
    logsTotal: Number(logRows[0]?.logs_total ?? 0),
    logsProblem: null,
  };
}

function toSpan(
  row: Row,
  trace: { resources: Map<string, number>; scopes: Map<string, number> },
): SpanResult {
  return {
    spanId: String(row.span_id),
    parentSpanId: row.parent_span_id as string | null,
    name: String(row.name),
    kind: nameOf(SPAN_KINDS, row.kind),
    service: String(row.service),
    startTimeUnixNano: String(row.start_unix_nano),
    endTimeUnixNano: String(row.end_unix_nano),
    durationNano: Number(row.duration_nano),
    clockOffsetNano: 0,
    statusCode: nameOf(STATUS_CODES, row.status_code),
    statusMessage: String(row.status_message),
    traceState: String(row.trace_state),
    flags: Number(row.flags),
    attributes: rawJson(String(row.attributes)),
    droppedAttributesCount: Number(row.dropped_attributes_count),
    events: rawJson(String(row.events)),
    droppedEventsCount: Number(row.dropped_events_count),
    links: rawJson(String(row.links)),
    droppedLinksCount: Number(row.dropped_links_count),
    resource: trace.resources.get(String(row.resource_id)) ?? -1,
    scope: trace.scopes.get(String(row.scope_id)) ?? -1,
  };
}

function indexOf(ids: readonly string[]): Map<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}
