import { createCursor, readFixed32, readFixed64, readUint32, skipField } from '#otlp/wire.ts';
import { addAttribute, addEntry, type Cost, clearCost, createCost } from './fit-cost.ts';
import { contentEnd, type Span } from './fit-fields.ts';
import { TAG } from './fit-measure.ts';
import { intBytes, textBytes } from './fit-value.ts';

/** What a log record takes of the limits of its line, without what its resource and scope add. */
export interface RecordCost extends Cost {
  /** Bytes of the line that its body becomes. */
  lineBytes: number;
}

export const createRecordCost = (source: Uint8Array): RecordCost => ({ ...createCost(source), lineBytes: 0 });

/** The lengths of an id on the wire that OpenTelemetry's Go reader takes; another one fails the whole request. */
export const isIdLength = (tag: number, length: number): boolean =>
  length === 0 || length === (tag === TAG.traceId ? 16 : 8);

const cursor = createCursor();
const part: Span = { start: 0, end: 0 };

/** The fields of the record being measured; of those that come twice the last counts. */
const fields = {
  hasTime: false,
  /** 0 when there is none. */
  observedDigits: 0,
  severityNumber: 0,
  severityTextBytes: 0,
  dropped: 0,
  flags: 0,
  hasTraceId: false,
  hasSpanId: false,
};

function clearFields(): void {
  fields.hasTime = false;
  fields.observedDigits = 0;
  fields.severityNumber = 0;
  fields.severityTextBytes = 0;
  fields.dropped = 0;
  fields.flags = 0;
  fields.hasTraceId = false;
  fields.hasSpanId = false;
}

function isZero(bytes: Uint8Array, { start, end }: Span): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

function measurePart(cost: RecordCost, tag: number): void {
  const { start, end } = part;
  if (tag === TAG.attribute) addAttribute(cost, start, end);
  else if (tag === TAG.body) {
    const size = textBytes(cost.source, start, end);
    if (Number.isNaN(size)) cost.isBad = true;
    else cost.lineBytes = size;
  } else if (tag === TAG.severityText) fields.severityTextBytes = end - start;
  else if (tag === TAG.traceId || tag === TAG.spanId) {
    if (!isIdLength(tag, end - start)) cost.isBad = true;
    const isSet = !isZero(cost.source, part);
    if (tag === TAG.traceId) fields.hasTraceId = isSet;
    else fields.hasSpanId = isSet;
  }
}

function measureNumber(bytes: Uint8Array, tag: number): void {
  if (tag === TAG.time || tag === TAG.observedTime) {
    readFixed64(bytes, cursor);
    const isSet = (cursor.lo | cursor.hi) !== 0;
    if (tag === TAG.time) fields.hasTime = isSet;
    else fields.observedDigits = isSet ? intBytes(cursor.lo, cursor.hi) : 0;
  } else if (tag === TAG.severityNumber) fields.severityNumber = readUint32(bytes, cursor) | 0;
  else if (tag === TAG.dropped) fields.dropped = readUint32(bytes, cursor);
  else if (tag === TAG.flags) fields.flags = readFixed32(bytes, cursor);
  else skipField(bytes, cursor, tag);
}

/** Loki's names for them, by their lengths: `observed_timestamp`, `severity_number`, `severity_text` and so on. */
function addFields(cost: Cost): void {
  const { severityNumber } = fields;
  if (fields.hasTime && fields.observedDigits > 0) addEntry(cost, 18, fields.observedDigits);
  if (severityNumber !== 0)
    addEntry(cost, 15, intBytes(severityNumber >>> 0, severityNumber < 0 ? 0xffff_ffff : 0));
  if (fields.severityTextBytes > 0) addEntry(cost, 13, fields.severityTextBytes);
  if (fields.dropped !== 0) addEntry(cost, 24, intBytes(fields.dropped, 0));
  if (fields.flags !== 0) addEntry(cost, 5, intBytes(fields.flags, 0));
  if (fields.hasTraceId) addEntry(cost, 8, 32);
  if (fields.hasSpanId) addEntry(cost, 7, 16);
}

/** Sets `cost` to that of the LogRecord at `span`. */
export function measureRecord(cost: RecordCost, span: Readonly<Span>): void {
  clearCost(cost);
  cost.lineBytes = 0;
  clearFields();
  cursor.at = span.start;
  const { end } = span;
  while (cursor.at < end) {
    const tag = readUint32(cost.source, cursor);
    if ((tag & 7) !== 2) {
      measureNumber(cost.source, tag);
      continue;
    }
    part.end = contentEnd(cost.source, cursor, end);
    part.start = cursor.at;
    measurePart(cost, tag);
    cursor.at = part.end;
  }
  addFields(cost);
}
