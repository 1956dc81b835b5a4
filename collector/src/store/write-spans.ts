import { createSpanReader } from '#otlp/span.ts';
import { weightOf } from '#otlp/tracestate.ts';
import type { DayTables } from './day-tables.ts';
import type { Origin } from './write-origin.ts';

/** `http.target` has ids in it, so only the two names of the route itself count. */
const readSpan = createSpanReader(['http.route']);

/** Writes the Span message at `start` to `end` as one row of `spans`. Columns as in ddl/spans.sql. */
export function writeSpan(
  tables: DayTables,
  origin: Origin,
  item: { bytes: Uint8Array; start: number; end: number; arrived: bigint },
): void {
  const { bytes } = item;
  const span = readSpan(bytes, item.start, item.end);
  const row = tables.spans;
  row.row();
  row.copyId(0, { bytes, at: span.traceIdAt, length: 16 });
  row.copyId(1, { bytes, at: span.spanIdAt, length: 8 });
  row.copyId(2, { bytes, at: span.parentSpanIdAt, length: 8 });
  row.copyFixed64(3, bytes, span.startAt);
  row.copyFixed64(4, bytes, span.endAt);
  row.setInteger(5, durationNano(bytes, span.startAt, span.endAt));
  row.setBigInt(6, item.arrived);
  row.setText(7, origin.service);
  row.setText(8, span.name);
  row.setNumber(9, span.kind);
  row.setNumber(10, span.statusCode);
  row.setText(11, span.statusMessage);
  row.setText(12, span.hot[0] ?? '');
  row.setNumber(13, span.flags);
  row.setText(14, span.traceState);
  row.setText(15, span.attributesJson);
  row.setNumber(16, span.droppedAttributesCount);
  row.setText(17, span.eventsJson);
  row.setNumber(18, span.droppedEventsCount);
  row.setText(19, span.linksJson);
  row.setNumber(20, span.droppedLinksCount);
  row.setInteger(21, origin.resourceId);
  row.setInteger(22, origin.scopeId);
  row.setNumber(23, span.traceState === '' ? 1 : weightOf(span.traceState));
}

/** Exact below 2^53 (104 days), capped there; the two times are stored exactly beside it. */
function durationNano(bytes: Uint8Array, startAt: number, endAt: number): number {
  if (startAt < 0 || endAt < 0) return 0;
  const low = word(bytes, endAt) - word(bytes, startAt);
  const high = word(bytes, endAt + 4) - word(bytes, startAt + 4);
  return Math.min(Math.max(high * 0x1_0000_0000 + low, 0), Number.MAX_SAFE_INTEGER);
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
