import { utf8SequenceAt } from './utf8.ts';

/** Objects and arrays nested deeper than this are refused. */
export const MAX_JSON_DEPTH = 128;

/** The text is not JSON, or not OTLP/JSON; caught where the transcoder is entered. */
export class JsonFault extends Error {
  override name = 'JsonFault';
}

/** A place in JSON text. `start` and `end` are the inside of the string or the number scanned last. */
export interface JsonSource {
  bytes: Uint8Array;
  at: number;
  depth: number;
  start: number;
  end: number;
  hasEscape: boolean;
}

export function createJsonSource(bytes: Uint8Array): JsonSource {
  return { bytes, at: 0, depth: 0, start: 0, end: 0, hasEscape: false };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function failJson(at: number, what: string): never {
  throw new JsonFault(`${what} at byte ${at}`);
}

/** Moves to the next byte that is not white space and gives it; -1 at the end. */
export function peekToken(source: JsonSource): number {
  const { bytes } = source;
  while (source.at < bytes.length) {
    const byte = bytes[source.at]!;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    source.at++;
  }
  return -1;
}

export function expectByte(source: JsonSource, byte: number): void {
  if (peekToken(source) !== byte) failJson(source.at, `expected ${String.fromCharCode(byte)}`);
  source.at++;
}

/** Steps over `word` (true, false, null) when it is next. */
export function takeWord(source: JsonSource, word: string): boolean {
  const { bytes, at } = source;
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  source.at = at + word.length;
  return true;
}

export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The UTF-16 unit of the four hex digits at `at`; -1 when there are none. */
function hex4(bytes: Uint8Array, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = hexDigit(bytes[i] ?? 0);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/** What the letter after a backslash stands for (RFC 8259 section 7). */
const ESCAPES = new Map([
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

function escapeLength(bytes: Uint8Array, at: number): number {
  const letter = bytes[at + 1] ?? 0;
  if (letter === 0x75) return hex4(bytes, at + 2) < 0 ? 0 : 6;
  return ESCAPES.has(letter) ? 2 : 0;
}

/** Scans a string; its inside is `source.start` to `source.end`, with escapes when `source.hasEscape`. */
export function scanString(source: JsonSource): void {
  const { bytes } = source;
  if (peekToken(source) !== QUOTE) failJson(source.at, 'expected a string');
  let at = source.at + 1;
  source.start = at;
  source.hasEscape = false;
  for (;;) {
    if (at >= bytes.length) failJson(source.at, 'string is not closed');
    const byte = bytes[at]!;
    if (byte === QUOTE) break;
    if (byte >= 0x20 && byte < 0x80 && byte !== BACKSLASH) at++;
    else if (byte === BACKSLASH) {
      const length = escapeLength(bytes, at);
      if (length === 0) failJson(at, 'bad escape');
      source.hasEscape = true;
      at += length;
    } else if (byte < 0x20) failJson(at, 'control character in a string');
    else {
      const length = utf8SequenceAt(bytes, at, bytes.length);
      if (length === 0) failJson(at, 'string is not UTF-8');
      at += length;
    }
  }
  source.end = at;
  source.at = at + 1;
}

function encodeUtf8(target: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    target[at] = point;
    return 1;
  }
  const more = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
  const mark = [0, 0xc0, 0xe0, 0xf0][more]!;
  target[at] = mark | (point >>> (6 * more));
  for (let i = 1; i <= more; i++) target[at + i] = 0x80 | ((point >>> (6 * (more - i))) & 0x3f);
  return more + 1;
}

/** The code point of a `\u` escape and how many bytes of text it took; surrogates without a partner are U+FFFD. */
function unicodeEscape(bytes: Uint8Array, at: number): { point: number; length: number } {
  const first = hex4(bytes, at + 2);
  if (first < 0xd800 || first > 0xdfff) return { point: first, length: 6 };
  if (first < 0xdc00 && bytes[at + 6] === BACKSLASH && bytes[at + 7] === 0x75) {
    const second = hex4(bytes, at + 8);
    if (second >= 0xdc00 && second <= 0xdfff)
      return { point: 0x1_0000 + (first - 0xd800) * 0x400 + second - 0xdc00, length: 12 };
  }
  return { point: 0xfffd, length: 6 };
}

/** The bytes of the string scanned last, with escapes resolved; a view into the text when it has none. */
export function stringBytes(source: JsonSource): Uint8Array {
  const { bytes, start, end } = source;
  if (!source.hasEscape) return bytes.subarray(start, end);
  const target = new Uint8Array(end - start);
  let to = 0;
  for (let at = start; at < end; ) {
    const byte = bytes[at]!;
    if (byte !== BACKSLASH) {
      target[to++] = byte;
      at++;
    } else if (bytes[at + 1] === 0x75) {
      const { point, length } = unicodeEscape(bytes, at);
      to += encodeUtf8(target, to, point);
      at += length;
    } else {
      target[to++] = ESCAPES.get(bytes[at + 1]!)!;
      at += 2;
    }
  }
  return target.subarray(0, to);
}

function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
  return at;
}

/** Where the JSON number at `start` ends (RFC 8259 section 6), or -1 when there is none. */
export function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  let at = skipDigits(bytes, first, end);
  if (at === first || (bytes[first] === 0x30 && at > first + 1)) return -1;
  if (at < end && bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction, end);
    if (at === fraction) return -1;
  }
  if (at < end && (bytes[at]! | 0x20) === 0x65) {
    const sign = bytes[at + 1];
    const digits = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
    at = skipDigits(bytes, digits, end);
    if (at === digits || digits >= end) return -1;
  }
  return at;
}

export function enter(source: JsonSource): void {
  if (++source.depth > MAX_JSON_DEPTH) failJson(source.at, `nested deeper than ${MAX_JSON_DEPTH}`);
  source.at++;
}

/** After `{` or `[` and after each member: whether another member follows; the closing byte is taken. */
export function hasNext(source: JsonSource, isFirst: boolean, close: number): boolean {
  const byte = peekToken(source);
  if (byte === close) {
    source.at++;
    source.depth--;
    return false;
  }
  if (isFirst) return true;
  if (byte !== 0x2c) failJson(source.at, `expected , or ${String.fromCharCode(close)}`);
  source.at++;
  return true;
}

/** Steps over any value, checking that it is JSON. */
export function skipValue(source: JsonSource): void {
  const byte = peekToken(source);
  if (byte === QUOTE) {
    scanString(source);
    return;
  }
  if (byte === 0x7b || byte === 0x5b) {
    skipNested(source, byte);
    return;
  }
  if (takeWord(source, 'null') || takeWord(source, 'true') || takeWord(source, 'false')) return;
  const end = byte < 0 ? -1 : numberEnd(source.bytes, source.at, source.bytes.length);
  if (end < 0) failJson(source.at, 'expected a value');
  source.at = end;
}

function skipNested(source: JsonSource, open: number): void {
  const isObject = open === 0x7b;
  enter(source);
  for (let isFirst = true; hasNext(source, isFirst, open + 2); isFirst = false) {
    if (isObject) {
      scanString(source);
      expectByte(source, 0x3a);
    }
    skipValue(source);
  }
}
