import { writeAnyValue } from './any-value.ts';
import { addHotAttribute, attributesText, createAttributes, openAttributes } from './attributes.ts';
import { createHotKeys } from './hot-keys.ts';
import { createJsonOut, jsonText, resetJson } from './json-out.ts';
import { createKeySet } from './key-set.ts';
import { type Cursor, createCursor, readFixed32, readUint32, skipField, textAt } from './wire.ts';

/** A log record as the store wants it. Offsets point into the bytes it was read from, -1 when absent. */
export interface LogFields {
  /** 8 little-endian bytes: nanoseconds since 1970 UTC, 0 for unknown. */
  timeAt: number;
  observedTimeAt: number;
  severityNumber: number;
  severityText: string;
  /** Any JSON value; `null` when absent. */
  bodyJson: string;
  attributesJson: string;
  droppedAttributesCount: number;
  flags: number;
  /** -1 unless it has 16 bytes that are not all zero (logs.proto: the record is then not associated). */
  traceIdAt: number;
  /** -1 unless it has 8 bytes that are not all zero. */
  spanIdAt: number;
  eventName: string;
  /** Text of the wanted attributes, in the order of the keys; null when absent or not a scalar. */
  hot: (string | null)[];
}

export type LogReader = (bytes: Uint8Array, start: number, end: number) => LogFields;

function emptyFields(hotCount: number): LogFields {
  return {
    timeAt: -1,
    observedTimeAt: -1,
    severityNumber: 0,
    severityText: '',
    bodyJson: 'null',
    attributesJson: '{}',
    droppedAttributesCount: 0,
    flags: 0,
    traceIdAt: -1,
    spanIdAt: -1,
    eventName: '',
    hot: new Array<string | null>(hotCount).fill(null),
  };
}

function clear(fields: LogFields): void {
  fields.timeAt = -1;
  fields.observedTimeAt = -1;
  fields.severityNumber = 0;
  fields.severityText = '';
  fields.bodyJson = 'null';
  fields.droppedAttributesCount = 0;
  fields.flags = 0;
  fields.traceIdAt = -1;
  fields.spanIdAt = -1;
  fields.eventName = '';
  for (let i = 0; i < fields.hot.length; i++) fields.hot[i] = null;
}

function readNumber(fields: LogFields, bytes: Uint8Array, cursor: Cursor, tag: number): void {
  if (tag === 0x10) fields.severityNumber = readUint32(bytes, cursor) | 0;
  else if (tag === 0x38) fields.droppedAttributesCount = readUint32(bytes, cursor);
  else if (tag === 0x45) fields.flags = readFixed32(bytes, cursor);
  else {
    if (tag === 0x09) fields.timeAt = cursor.at;
    else if (tag === 0x59) fields.observedTimeAt = cursor.at;
    skipField(bytes, cursor, tag);
  }
}

function idAt(bytes: Uint8Array, field: { start: number; end: number }, length: number): number {
  if (field.end - field.start !== length) return -1;
  for (let at = field.start; at < field.end; at++) if (bytes[at] !== 0) return field.start;
  return -1;
}

/**
 * Makes a reader of checked log records that also picks out the attributes `hotKeys`. What it gives is one object,
 * good until the next call.
 */
export function createLogReader(hotKeys: readonly string[]): LogReader {
  const fields = emptyFields(hotKeys.length);
  const hot = { keys: createHotKeys(hotKeys), values: fields.hot };
  const attributes = createAttributes();
  const body = { out: createJsonOut(), keys: createKeySet() };
  const cursor = createCursor();
  const field = { start: 0, end: 0 };

  function readPart(bytes: Uint8Array, tag: number): void {
    const { start, end } = field;
    if (tag === 0x32) addHotAttribute(attributes, hot, bytes, field);
    else if (tag === 0x2a) {
      resetJson(body.out);
      writeAnyValue(body, bytes, start, end);
      fields.bodyJson = jsonText(body.out);
    } else if (tag === 0x1a) fields.severityText = textAt(bytes, start, end);
    else if (tag === 0x4a) fields.traceIdAt = idAt(bytes, field, 16);
    else if (tag === 0x52) fields.spanIdAt = idAt(bytes, field, 8);
    else if (tag === 0x62) fields.eventName = textAt(bytes, start, end);
  }

  return (bytes, start, end) => {
    clear(fields);
    openAttributes(attributes);
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
    return fields;
  };
}
