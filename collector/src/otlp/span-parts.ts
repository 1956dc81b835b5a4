import { addAttribute, closeAttributes, createAttributes, openAttributes } from './attributes.ts';
import {
  type JsonOut,
  writeAscii,
  writeByte,
  writeHex,
  writeJson,
  writeString,
  writeUint64,
} from './json-out.ts';
import { createCursor, readFixed32, readFixed64, readUint32, skipField } from './wire.ts';

const cursor = createCursor();
const attributes = createAttributes();
/** Ranges and numbers of the part being read, by field number. */
const starts = new Float64Array(8);
const ends = new Float64Array(8);

/** Notes where fields 1 to 6 are; attributes, told by their tag, go to the shared list. */
function scan(bytes: Uint8Array, part: { start: number; end: number; attributesTag: number }): void {
  starts.fill(0);
  ends.fill(0);
  openAttributes(attributes);
  cursor.at = part.start;
  while (cursor.at < part.end) {
    const tag = readUint32(bytes, cursor);
    let from = cursor.at;
    if ((tag & 7) === 2) {
      const length = readUint32(bytes, cursor);
      from = cursor.at;
      cursor.at += length;
      if (tag === part.attributesTag) addAttribute(attributes, bytes, from, cursor.at);
    } else skipField(bytes, cursor, tag);
    const number = tag >>> 3;
    if (number > 7) continue;
    starts[number] = from;
    ends[number] = cursor.at;
  }
}

/** A number field that `scan` found; 0 when it was absent. */
function numberOf(bytes: Uint8Array, field: number, read: typeof readUint32): number {
  if (starts[field] === ends[field]) return 0;
  cursor.at = starts[field]!;
  return read(bytes, cursor);
}

function writeTime(out: JsonOut, bytes: Uint8Array): void {
  cursor.lo = 0;
  cursor.hi = 0;
  cursor.at = starts[1]!;
  if (starts[1] !== ends[1]) readFixed64(bytes, cursor);
  writeUint64(out, cursor.lo, cursor.hi);
}

/** Writes a Span.Event as `{"timeUnixNano":"1","name":"","attributes":{},"droppedAttributesCount":0}`. */
export function writeEvent(out: JsonOut, bytes: Uint8Array, start: number, end: number): void {
  scan(bytes, { start, end, attributesTag: 0x1a });
  if (out.at > 1) writeByte(out, 0x2c);
  writeAscii(out, '{"timeUnixNano":"');
  writeTime(out, bytes);
  writeAscii(out, '","name":');
  writeString(out, bytes, starts[2]!, ends[2]!);
  writeAscii(out, ',"attributes":');
  writeJson(out, closeAttributes(attributes));
  writeAscii(out, `,"droppedAttributesCount":${numberOf(bytes, 4, readUint32)}}`);
}

/** Writes a Span.Link: ids in hex of the length they came in, trace state, flags, attributes. */
export function writeLink(out: JsonOut, bytes: Uint8Array, start: number, end: number): void {
  scan(bytes, { start, end, attributesTag: 0x22 });
  if (out.at > 1) writeByte(out, 0x2c);
  writeAscii(out, '{"traceId":');
  writeHex(out, bytes, starts[1]!, ends[1]!);
  writeAscii(out, ',"spanId":');
  writeHex(out, bytes, starts[2]!, ends[2]!);
  writeAscii(out, ',"traceState":');
  writeString(out, bytes, starts[3]!, ends[3]!);
  writeAscii(out, `,"flags":${numberOf(bytes, 6, readFixed32)},"attributes":`);
  writeJson(out, closeAttributes(attributes));
  writeAscii(out, `,"droppedAttributesCount":${numberOf(bytes, 5, readUint32)}}`);
}
