import { addAttribute, closeAttributes, createAttributes, openAttributes } from './attributes.ts';
import {
  type JsonOut,
  writeAscii,
  writeByte,
  writeDouble,
  writeHex,
  writeInt64,
  writeJson,
  writeUint64,
} from './json-out.ts';
import { createCursor, doubleAt, readFixed64, readUint32, skipField } from './wire.ts';

const attributes = createAttributes();
const cursor = createCursor();
const found = { timeAt: -1, valueTag: 0, valueAt: 0, traceStart: 0, traceEnd: 0, spanStart: 0, spanEnd: 0 };

function clear(): void {
  found.timeAt = -1;
  found.valueTag = 0;
  found.traceStart = 0;
  found.traceEnd = 0;
  found.spanStart = 0;
  found.spanEnd = 0;
  openAttributes(attributes);
}

function scan(bytes: Uint8Array, start: number, end: number): void {
  clear();
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag === 0x11) found.timeAt = cursor.at;
    if (tag === 0x19 || tag === 0x31) {
      found.valueTag = tag;
      found.valueAt = cursor.at;
    }
    if ((tag & 7) !== 2) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    cursor.at += length;
    if (tag === 0x3a) addAttribute(attributes, bytes, from, cursor.at);
    else if (tag === 0x22) {
      found.spanStart = from;
      found.spanEnd = cursor.at;
    } else if (tag === 0x2a) {
      found.traceStart = from;
      found.traceEnd = cursor.at;
    }
  }
}

function writeValue(out: JsonOut, bytes: Uint8Array): void {
  cursor.at = found.valueAt;
  if (found.valueTag === 0) writeAscii(out, 'null');
  else if (found.valueTag === 0x19) writeDouble(out, doubleAt(bytes, found.valueAt));
  else {
    readFixed64(bytes, cursor);
    writeInt64(out, cursor.lo, cursor.hi);
  }
}

/** Writes an Exemplar as `{"timeUnixNano","value","traceId","spanId","filteredAttributes"}`, the value null when absent. */
export function writeExemplar(out: JsonOut, bytes: Uint8Array, start: number, end: number): void {
  scan(bytes, start, end);
  if (out.at > 0) writeByte(out, 0x2c);
  writeAscii(out, '{"timeUnixNano":"');
  cursor.lo = 0;
  cursor.hi = 0;
  cursor.at = found.timeAt;
  if (found.timeAt >= 0) readFixed64(bytes, cursor);
  writeUint64(out, cursor.lo, cursor.hi);
  writeAscii(out, '","value":');
  writeValue(out, bytes);
  writeAscii(out, ',"traceId":');
  writeHex(out, bytes, found.traceStart, found.traceEnd);
  writeAscii(out, ',"spanId":');
  writeHex(out, bytes, found.spanStart, found.spanEnd);
  writeAscii(out, ',"filteredAttributes":');
  writeJson(out, closeAttributes(attributes));
  writeByte(out, 0x7d);
}
