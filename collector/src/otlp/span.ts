import { addHotAttribute, attributesText, createAttributes, openAttributes } from './attributes.ts';
import { createHotKeys } from './hot-keys.ts';
import { createJsonOut, type JsonOut, jsonText, resetJson, writeByte } from './json-out.ts';
import { writeEvent, writeLink } from './span-parts.ts';
import { type Cursor, createCursor, readFixed32, readUint32, skipField, textAt } from './wire.ts';

/** A span as the store wants it. Offsets point into the bytes it was read from and are -1 when a field is absent. */
export interface SpanFields {
  /** 16 bytes. */
  traceIdAt: number;
  /** 8 bytes. */
  spanIdAt: number;
  /** 8 bytes; -1 for a root span. */
  parentSpanIdAt: number;
  /** 8 little-endian bytes: nanoseconds since 1970 UTC. */
  startAt: number;
  endAt: number;
  name: string;
  kind: number;
  traceState: string;
  flags: number;
  attributesJson: string;
  droppedAttributesCount: number;
  eventsJson: string;
  droppedEventsCount: number;
  linksJson: string;
  droppedLinksCount: number;
  statusCode: number;
  statusMessage: string;
  /** Text of the wanted attributes, in the order of the keys; null when absent or not a scalar. */
  hot: (string | null)[];
}

export type SpanReader = (bytes: Uint8Array, start: number, end: number) => SpanFields;

function emptyFields(hotCount: number): SpanFields {
  return {
    traceIdAt: -1,
    spanIdAt: -1,
    parentSpanIdAt: -1,
    startAt: -1,
    endAt: -1,
    name: '',
    kind: 0,
    traceState: '',
    flags: 0,
    attributesJson: '{}',
    droppedAttributesCount: 0,
    eventsJson: '[]',
    droppedEventsCount: 0,
    linksJson: '[]',
    droppedLinksCount: 0,
    statusCode: 0,
    statusMessage: '',
    hot: new Array<string | null>(hotCount).fill(null),
  };
}

function clear(fields: SpanFields): void {
  fields.traceIdAt = -1;
  fields.spanIdAt = -1;
  fields.parentSpanIdAt = -1;
  fields.startAt = -1;
  fields.endAt = -1;
  fields.name = '';
  fields.kind = 0;
  fields.traceState = '';
  fields.flags = 0;
  fields.droppedAttributesCount = 0;
  fields.droppedEventsCount = 0;
  fields.droppedLinksCount = 0;
  fields.statusCode = 0;
  fields.statusMessage = '';
  for (let i = 0; i < fields.hot.length; i++) fields.hot[i] = null;
}

/** Reads what is not length-delimited; unknown fields are stepped over. */
function readNumber(fields: SpanFields, bytes: Uint8Array, cursor: Cursor, tag: number): void {
  switch (tag) {
    case 0x30:
      fields.kind = readUint32(bytes, cursor) | 0;
      return;
    case 0x39:
      fields.startAt = cursor.at;
      break;
    case 0x41:
      fields.endAt = cursor.at;
      break;
    case 0x50:
      fields.droppedAttributesCount = readUint32(bytes, cursor);
      return;
    case 0x60:
      fields.droppedEventsCount = readUint32(bytes, cursor);
      return;
    case 0x70:
      fields.droppedLinksCount = readUint32(bytes, cursor);
      return;
    case 0x85:
      fields.flags = readFixed32(bytes, cursor);
      return;
  }
  skipField(bytes, cursor, tag);
}

const statusCursor = createCursor();

function readStatus(fields: SpanFields, bytes: Uint8Array, start: number, end: number): void {
  const cursor = statusCursor;
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag === 0x18) fields.statusCode = readUint32(bytes, cursor) | 0;
    else if (tag === 0x12) {
      const length = readUint32(bytes, cursor);
      fields.statusMessage = textAt(bytes, cursor.at, cursor.at + length);
      cursor.at += length;
    } else skipField(bytes, cursor, tag);
  }
}

function listText(out: JsonOut): string {
  if (out.at === 1) return '[]';
  writeByte(out, 0x5d);
  return jsonText(out);
}

/**
 * Makes a reader of checked spans that also picks out the attributes `hotKeys`. What it gives is one object, good
 * until the next call.
 */
export function createSpanReader(hotKeys: readonly string[]): SpanReader {
  const fields = emptyFields(hotKeys.length);
  const hot = { keys: createHotKeys(hotKeys), values: fields.hot };
  const attributes = createAttributes();
  const events = createJsonOut();
  const links = createJsonOut();
  const cursor = createCursor();
  const field = { start: 0, end: 0 };

  function readPart(bytes: Uint8Array, tag: number): void {
    const { start, end } = field;
    if (tag === 0x4a) addHotAttribute(attributes, hot, bytes, field);
    else if (tag === 0x0a) fields.traceIdAt = start;
    else if (tag === 0x12) fields.spanIdAt = start;
    else if (tag === 0x22) fields.parentSpanIdAt = end === start || isZero(bytes, start) ? -1 : start;
    else if (tag === 0x2a) fields.name = textAt(bytes, start, end);
    else if (tag === 0x5a) writeEvent(events, bytes, start, end);
    else if (tag === 0x6a) writeLink(links, bytes, start, end);
    else if (tag === 0x7a) readStatus(fields, bytes, start, end);
    else if (tag === 0x1a) fields.traceState = textAt(bytes, start, end);
  }

  return (bytes, start, end) => {
    clear(fields);
    openAttributes(attributes);
    openList(events);
    openList(links);
    cursor.at = start;
    while (cursor.at < end) {
      const tag = readUint32(bytes, cursor);
      if ((tag & 7) !== 2) {
        readNumber(fields, bytes, cursor, tag);
        continue;
      }
      const length = readUint32(bytes, cursor);
      field.start = cursor.at;
      field.end = cursor.at + length;
      readPart(bytes, tag);
      cursor.at = field.end;
    }
    fields.attributesJson = attributesText(attributes);
    fields.eventsJson = listText(events);
    fields.linksJson = listText(links);
    return fields;
  };
}

function openList(out: JsonOut): void {
  resetJson(out);
  writeByte(out, 0x5b);
}

/** Eight zero bytes are how some senders write "no parent". */
function isZero(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < start + 8; at++) if (bytes[at] !== 0) return false;
  return true;
}
