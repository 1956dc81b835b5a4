/**
 * A place in checked protobuf bytes. `lo` and `hi` are the two 32-bit halves, unsigned, of the 64-bit value read
 * last. Functions here trust their input: only bytes that `checkRequest` accepted may be read with them.
 */
export interface Cursor {
  at: number;
  lo: number;
  hi: number;
}

export function createCursor(): Cursor {
  return { at: 0, lo: 0, hi: 0 };
}

/** The low 32 bits, unsigned, of the varint at the cursor: tags, lengths, uint32, and enums with `| 0`. */
export function readUint32(bytes: Uint8Array, cursor: Cursor): number {
  let at = cursor.at;
  let byte = bytes[at++]!;
  let value = byte & 0x7f;
  for (let shift = 7; byte >= 0x80; shift += 7) {
    byte = bytes[at++]!;
    if (shift < 32) value |= (byte & 0x7f) << shift;
  }
  cursor.at = at;
  return value >>> 0;
}

/** Reads a varint into `cursor.lo` and `cursor.hi`. */
export function readVarint64(bytes: Uint8Array, cursor: Cursor): void {
  let lo = 0;
  let hi = 0;
  let byte = 0x80;
  for (let shift = 0; byte >= 0x80; shift += 7) {
    byte = bytes[cursor.at++]!;
    const bits = byte & 0x7f;
    if (shift < 28) lo |= bits << shift;
    else if (shift === 28) {
      lo |= bits << 28;
      hi = bits >>> 4;
    } else hi |= bits << (shift - 32);
  }
  cursor.lo = lo >>> 0;
  cursor.hi = hi >>> 0;
}

/** Reads 8 little-endian bytes into `cursor.lo` and `cursor.hi`. */
export function readFixed64(bytes: Uint8Array, cursor: Cursor): void {
  cursor.lo = readFixed32(bytes, cursor);
  cursor.hi = readFixed32(bytes, cursor);
}

export function readFixed32(bytes: Uint8Array, cursor: Cursor): number {
  const at = cursor.at;
  cursor.at = at + 4;
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** A varint as a bool: any bit set is true. */
export function readBool(bytes: Uint8Array, cursor: Cursor): boolean {
  readVarint64(bytes, cursor);
  return (cursor.lo | cursor.hi) !== 0;
}

/** A zigzag varint of 32 bits (`sint32`). */
export function readSint32(bytes: Uint8Array, cursor: Cursor): number {
  const value = readUint32(bytes, cursor);
  return (value >>> 1) ^ -(value & 1);
}

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

/** The double whose 8 little-endian bytes start at `at`. */
export function doubleAt(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) scratchBytes[i] = bytes[at + i]!;
  return scratch[0]!;
}

/** Moves over the value of a field that the caller does not read; `tag` is the one just read. */
export function skipField(bytes: Uint8Array, cursor: Cursor, tag: number): void {
  switch (tag & 7) {
    case 0:
      while (bytes[cursor.at++]! >= 0x80);
      return;
    case 1:
      cursor.at += 8;
      return;
    case 2: {
      const length = readUint32(bytes, cursor);
      cursor.at += length;
      return;
    }
    default:
      cursor.at += 4;
  }
}

type Slices = { utf8Slice(start: number, end: number): string };
const { utf8Slice } = Buffer.prototype as unknown as Slices;

/** The text of `bytes[start, end)`, which is valid UTF-8. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? '' : utf8Slice.call(bytes, start, end);
}
