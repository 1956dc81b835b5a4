import type { TextRange } from '../rule.ts';

export const DIGIT = 1;
export const UPPER = 2;
export const LOWER = 4;
export const UNDERSCORE = 8;
export const DASH = 16;
const HEX_LETTER = 32;
/** `.` and `~`, which tokens hold that are not base64url throughout. */
export const DOT = 64;
/** `+`, `/` and `=`. */
export const BASE64_EXTRA = 128;
/** `@` and `$`, which part the pieces of some tokens. */
export const JOINT = 256;
export const LETTER = UPPER | LOWER;
export const ALNUM = LETTER | DIGIT;
export const WORD = ALNUM | UNDERSCORE;
export const URL64 = WORD | DASH;
export const BASE64 = ALNUM | BASE64_EXTRA;
export const HEX = DIGIT | HEX_LETTER;

/** Bits of the classes above for each byte. */
export const CLASSES = new Uint16Array(256);
mark('0123456789', DIGIT);
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', UPPER);
mark('abcdefghijklmnopqrstuvwxyz', LOWER);
mark('abcdefABCDEF', HEX_LETTER);
mark('_', UNDERSCORE);
mark('-', DASH);
mark('.~', DOT);
mark('+/=', BASE64_EXTRA);
mark('@$', JOINT);

function mark(characters: string, bits: number): void {
  for (let i = 0; i < characters.length; i++) CLASSES[characters.charCodeAt(i)]! |= bits;
}

/** A run of bytes of some classes, and at most how many of them are looked at. */
export interface Run {
  mask: number;
  max: number;
}

/** Whether the byte at `at` lies in the text and is of one of the classes. */
export function isAt(text: TextRange, at: number, mask: number): boolean {
  return at >= text.from && at < text.end && (CLASSES[text.bytes[at]!]! & mask) !== 0;
}

/** The byte at `at`, or 0 outside the text. */
export function byteAt(text: TextRange, at: number): number {
  return at >= text.from && at < text.end ? text.bytes[at]! : 0;
}

/** Whether `word` (ASCII) stands at `at`. */
export function equalsAt(text: TextRange, at: number, word: string): boolean {
  if (at < text.from || at + word.length > text.end) return false;
  for (let i = 0; i < word.length; i++) {
    if (text.bytes[at + i] !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Whether `word` (ASCII, lower case) stands at `at` in any case. */
export function equalsAnyCaseAt(text: TextRange, at: number, word: string): boolean {
  if (at < text.from || at + word.length > text.end) return false;
  for (let i = 0; i < word.length; i++) {
    const byte = text.bytes[at + i]!;
    const lower = (CLASSES[byte]! & UPPER) === 0 ? byte : byte + 32;
    if (lower !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Where the run of bytes of the classes in `mask` that starts at `at` ends. */
export function runEnd(text: TextRange, at: number, mask: number): number {
  let end = at;
  while (end < text.end && (CLASSES[text.bytes[end]!]! & mask) !== 0) end++;
  return end;
}

/** As `runEnd`, looking at `run.max` bytes at most. */
export function runEndWithin(text: TextRange, at: number, run: Run): number {
  const limit = Math.min(text.end, at + run.max);
  let end = at;
  while (end < limit && (CLASSES[text.bytes[end]!]! & run.mask) !== 0) end++;
  return end;
}

/** Where the run that ends before `at` starts, looking at `run.max` bytes at most. */
export function runStartWithin(text: TextRange, at: number, run: Run): number {
  const limit = Math.max(text.from, at - run.max);
  let start = at;
  while (start > limit && (CLASSES[text.bytes[start - 1]!]! & run.mask) !== 0) start--;
  return start;
}

/** A table that says of each byte whether it is in `characters`. */
export function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}

/** Whether no word goes on from before `at`. The letters of an escape (`\n`, `\u003d`, `%3D`) are no word. */
export function startsWord(text: TextRange, at: number): boolean {
  return !isAt(text, at - 1, WORD) || endsEscape(text, at);
}

/** Whether no word goes on at `at`, nor what went on there before it was redacted. */
export function endsWord(text: TextRange, at: number): boolean {
  return !isAt(text, at, WORD) && !equalsAt(text, at, '[redacted:');
}

/** Whether an escape of one character (`\n`, `\u003d`, `%3D`) ends before `at`. */
export function endsEscape(text: TextRange, at: number): boolean {
  const before = byteAt(text, at - 2);
  if (before === 0x5c) return 'nrtbf'.includes(String.fromCharCode(text.bytes[at - 1]!));
  if (!isAt(text, at - 1, HEX) || !isAt(text, at - 2, HEX)) return false;
  if (byteAt(text, at - 3) === 0x25) return true;
  return equalsAt(text, at - 6, '\\u') && isAt(text, at - 3, HEX) && isAt(text, at - 4, HEX);
}

/** Whether what stands at `at` has been redacted before. */
export function isRedactedAt(text: TextRange, at: number): boolean {
  return equalsAt(text, at, '[redacted:') || equalsAt(text, at, 'REDACTED');
}

/** What `Buffer` has for this, which works on any bytes; some ten times faster than adding characters. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
};

/** `bytes[start, end)`, as far as it lies in the text, with one character for each byte; for small checks only. */
export function latin1(text: TextRange, start: number, end: number): string {
  const from = Math.max(start, text.from);
  const to = Math.min(end, text.end);
  return from < to ? latin1Slice.call(text.bytes, from, to) : '';
}

const MARKER_MAX_BYTES = 32;
const MARKER = /^.*(?:\[redacted:[a-z-]+\]|REDACTED)/s;

/** The last `count` bytes before `at` in lower case, without any before an earlier redaction. */
export function contextBefore(text: TextRange, at: number, count: number): string {
  // What stood before a match was not to be seen when it was replaced; so it must not be seen the second time.
  const seen = latin1(text, at - count - MARKER_MAX_BYTES, at);
  const context = seen.includes('redacted:') || seen.includes('REDACTED') ? seen.replace(MARKER, '') : seen;
  return context.slice(-count).toLowerCase();
}
