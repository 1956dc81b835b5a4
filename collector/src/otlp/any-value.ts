import {
  base64Text,
  doubleText,
  int64Text,
  type JsonOut,
  writeAscii,
  writeByte,
  writeDouble,
  writeInt64,
  writeString,
  writeStringContent,
} from './json-out.ts';
import { addKey, closeKeys, type KeySet } from './key-set.ts';
import { createCursor, doubleAt, readBool, readUint32, readVarint64, skipField, textAt } from './wire.ts';

const COMMA = 0x2c;
const COLON = 0x3a;
const QUOTE = 0x22;
const DOLLAR = 0x24;

/** Where JSON goes, and the keys of the lists open there. */
export interface ValueWriter {
  out: JsonOut;
  keys: KeySet;
}

/** One attribute on the wire: ranges of its key and of its AnyValue; `valueStart` is -1 when it has none. */
export interface KeyValueRange {
  start: number;
  end: number;
  valueStart: number;
  valueEnd: number;
}

const cursor = createCursor();

/** Reads a KeyValue at `bytes[start, end)` into `range`. */
export function readKeyValue(bytes: Uint8Array, range: KeyValueRange, start: number, end: number): void {
  range.start = 0;
  range.end = 0;
  range.valueStart = -1;
  range.valueEnd = -1;
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== 0x0a && tag !== 0x12) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    if (tag === 0x0a) {
      range.start = cursor.at;
      range.end = cursor.at + length;
    } else {
      range.valueStart = cursor.at;
      range.valueEnd = cursor.at + length;
    }
    cursor.at += length;
  }
}

interface Member {
  tag: number;
  /** Of the value itself: after the tag, and after the length of what is length-delimited. */
  start: number;
  end: number;
}

/** Finds the member of the oneof that counts, the last; tag 0 when there is none. */
function lastMember(bytes: Uint8Array, member: Member, start: number, end: number): void {
  member.tag = 0;
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    let from = cursor.at;
    if ((tag & 7) === 2) {
      const length = readUint32(bytes, cursor);
      from = cursor.at;
      cursor.at += length;
    } else skipField(bytes, cursor, tag);
    if (tag >>> 3 > 8) continue;
    member.tag = tag;
    member.start = from;
    member.end = cursor.at;
  }
}

const spare: Member = { tag: 0, start: 0, end: 0 };

/**
 * Writes the AnyValue at `bytes[start, end)` as JSON: integers with all digits, doubles with a point or exponent,
 * bytes and non-finite doubles as objects with one `$` key, lists of key and value as objects, nothing as null.
 */
export function writeAnyValue(writer: ValueWriter, bytes: Uint8Array, start: number, end: number): void {
  const out = writer.out;
  lastMember(bytes, spare, start, end);
  const from = spare.start;
  const to = spare.end;
  cursor.at = from;
  switch (spare.tag) {
    case 0x0a:
      writeString(out, bytes, from, to);
      break;
    case 0x10:
      writeAscii(out, readBool(bytes, cursor) ? 'true' : 'false');
      break;
    case 0x18:
      readVarint64(bytes, cursor);
      writeInt64(out, cursor.lo, cursor.hi);
      break;
    case 0x21:
      writeDouble(out, doubleAt(bytes, from));
      break;
    case 0x2a:
      writeArray(writer, bytes, from, to);
      break;
    case 0x32:
      writeKvlist(writer, bytes, from, to);
      break;
    case 0x3a:
      writeAscii(out, `{"$bytes":"${base64Text(bytes, from, to)}"}`);
      break;
    default:
      // Nothing, or string_value_strindex, which outside of profiles is to be read as empty (common.proto).
      writeAscii(out, 'null');
  }
}

function writeArray(writer: ValueWriter, bytes: Uint8Array, start: number, end: number): void {
  const { out } = writer;
  writeByte(out, 0x5b);
  let isFirst = true;
  for (let at = start; at < end; ) {
    cursor.at = at;
    const tag = readUint32(bytes, cursor);
    if (tag !== 0x0a) {
      skipField(bytes, cursor, tag);
      at = cursor.at;
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    at = from + length;
    if (!isFirst) writeByte(out, COMMA);
    isFirst = false;
    writeAnyValue(writer, bytes, from, at);
  }
  writeByte(out, 0x5d);
}

function writeKvlist(writer: ValueWriter, bytes: Uint8Array, start: number, end: number): void {
  const { out, keys } = writer;
  const mark = keys.count;
  const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
  writeByte(out, 0x7b);
  for (let at = start; at < end; ) {
    cursor.at = at;
    const tag = readUint32(bytes, cursor);
    if (tag !== 0x0a) {
      skipField(bytes, cursor, tag);
      at = cursor.at;
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    at = from + length;
    readKeyValue(bytes, range, from, at);
    if (!addKey(keys, mark, bytes, range)) continue;
    if (keys.count - mark > 1) writeByte(out, COMMA);
    writeByte(out, QUOTE);
    if (range.end > range.start && bytes[range.start] === DOLLAR) writeByte(out, DOLLAR);
    writeStringContent(out, bytes, range.start, range.end);
    writeByte(out, QUOTE);
    writeByte(out, COLON);
    writeAnyValue(writer, bytes, range.valueStart, range.valueEnd);
  }
  writeByte(out, 0x7d);
  closeKeys(keys, mark);
}

/** The value as plain text when it is a string, bool or number, else null. */
export function scalarText(bytes: Uint8Array, start: number, end: number): string | null {
  lastMember(bytes, spare, start, end);
  cursor.at = spare.start;
  switch (spare.tag) {
    case 0x0a:
      return textAt(bytes, spare.start, spare.end);
    case 0x10:
      return readBool(bytes, cursor) ? 'true' : 'false';
    case 0x18:
      readVarint64(bytes, cursor);
      return int64Text(cursor.lo, cursor.hi);
    case 0x21:
      return doubleText(doubleAt(bytes, spare.start));
    default:
      return null;
  }
}
