/**
 * JSON under construction, as UTF-8 bytes: text is copied from the wire byte by byte and becomes one string at the
 * end, which is far cheaper than a string for every key and value. `isAscii` picks the faster decoder.
 */
export interface JsonOut {
  buffer: Buffer;
  at: number;
  isAscii: boolean;
}

const FIRST_CAPACITY_BYTES = 4096;
const KEPT_CAPACITY_BYTES = 1024 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789abcdef');

type Slices = {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
};
const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as Slices;

export function createJsonOut(): JsonOut {
  return { buffer: Buffer.allocUnsafeSlow(FIRST_CAPACITY_BYTES), at: 0, isAscii: true };
}

/** Empties it; a buffer that one huge value has blown up is given back. */
export function resetJson(out: JsonOut): void {
  out.at = 0;
  out.isAscii = true;
  if (out.buffer.length > KEPT_CAPACITY_BYTES) out.buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY_BYTES);
}

/** What has been written, as a string. */
export function jsonText(out: JsonOut): string {
  return out.isAscii ? latin1Slice.call(out.buffer, 0, out.at) : utf8Slice.call(out.buffer, 0, out.at);
}

function reserve(out: JsonOut, more: number): void {
  const needed = out.at + more;
  if (needed <= out.buffer.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, out.buffer.length * 2));
  grown.set(out.buffer.subarray(0, out.at));
  out.buffer = grown;
}

export function writeByte(out: JsonOut, byte: number): void {
  if (out.at === out.buffer.length) reserve(out, 1);
  out.buffer[out.at++] = byte;
}

/** Writes text that is known to be ASCII, as it is. */
export function writeAscii(out: JsonOut, text: string): void {
  reserve(out, text.length);
  const buffer = out.buffer;
  let at = out.at;
  for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
  out.at = at;
}

/** Appends what another one holds. */
export function writeJson(out: JsonOut, other: JsonOut): void {
  reserve(out, other.at);
  other.buffer.copy(out.buffer, out.at, 0, other.at);
  out.at += other.at;
  if (!other.isAscii) out.isAscii = false;
}

/** Writes `bytes[start, end)`, valid UTF-8, as a JSON string with its quotes. */
export function writeString(out: JsonOut, bytes: Uint8Array, start: number, end: number): void {
  writeByte(out, QUOTE);
  writeStringContent(out, bytes, start, end);
  writeByte(out, QUOTE);
}

/** Writes `bytes[start, end)`, valid UTF-8, escaped for the inside of a JSON string (RFC 8259 section 7). */
export function writeStringContent(out: JsonOut, bytes: Uint8Array, start: number, end: number): void {
  reserve(out, end - start);
  const buffer = out.buffer;
  let at = out.at;
  let all = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) {
      out.at = at;
      if (all >= 0x80) out.isAscii = false;
      writeEscaped(out, bytes, i, end);
      return;
    }
    all |= byte;
    buffer[at++] = byte;
  }
  out.at = at;
  if (all >= 0x80) out.isAscii = false;
}

const SHORT_ESCAPES = new Map([
  [0x08, 0x62],
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0c, 0x66],
  [0x0d, 0x72],
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
]);

function writeEscaped(out: JsonOut, bytes: Uint8Array, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) {
      if (byte >= 0x80) out.isAscii = false;
      writeByte(out, byte);
      continue;
    }
    const short = SHORT_ESCAPES.get(byte);
    writeByte(out, BACKSLASH);
    if (short !== undefined) writeByte(out, short);
    else writeAscii(out, `u00${byte < 16 ? '0' : '1'}${(byte & 15).toString(16)}`);
  }
}

function writeSmall(out: JsonOut, value: number): void {
  reserve(out, 10);
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  let rest = value;
  for (let at = out.at + digits - 1; at >= out.at; at--) {
    const next = Math.floor(rest / 10);
    out.buffer[at] = 0x30 + rest - next * 10;
    rest = next;
  }
  out.at += digits;
}

/** Writes the unsigned integer of two 32-bit halves, all digits. */
export function writeUint64(out: JsonOut, lo: number, hi: number): void {
  if (hi === 0) writeSmall(out, lo);
  else writeAscii(out, uint64Text(lo, hi));
}

/** Writes the two's complement integer of two 32-bit halves, all digits. */
export function writeInt64(out: JsonOut, lo: number, hi: number): void {
  if (hi === 0) writeSmall(out, lo);
  else writeAscii(out, int64Text(lo, hi));
}

export function uint64Text(lo: number, hi: number): string {
  if (hi < 0x20_0000) return String(hi * 0x1_0000_0000 + lo);
  return String((BigInt(hi) << 32n) | BigInt(lo));
}

export function int64Text(lo: number, hi: number): string {
  if (hi < 0x8000_0000) return uint64Text(lo, hi);
  return String(BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)));
}

/** A finite double with a point or an exponent, so that it never reads as an integer; else its name. */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

/** Writes a double as `1.0`, or as `{"$double":"NaN"}` where JSON has no number for it. */
export function writeDouble(out: JsonOut, value: number): void {
  if (Number.isFinite(value)) writeAscii(out, doubleText(value));
  else writeAscii(out, `{"$double":"${value}"}`);
}

/** Writes `bytes[start, end)` as lower-case hex in quotes, whatever the length. */
export function writeHex(out: JsonOut, bytes: Uint8Array, start: number, end: number): void {
  reserve(out, (end - start) * 2 + 2);
  const buffer = out.buffer;
  buffer[out.at++] = QUOTE;
  for (let i = start; i < end; i++) {
    buffer[out.at++] = HEX[bytes[i]! >>> 4]!;
    buffer[out.at++] = HEX[bytes[i]! & 15]!;
  }
  buffer[out.at++] = QUOTE;
}

/** The standard base64, padded, of `bytes[start, end)`. */
export function base64Text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('base64');
}
