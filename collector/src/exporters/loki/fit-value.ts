import type { KeyValueRange } from '#otlp/any-value.ts';
import { int64Text } from '#otlp/json-out.ts';
import { createCursor, doubleAt, readBool, readUint32, readVarint64, skipField } from '#otlp/wire.ts';

/** The member of an AnyValue that counts: its tag, 0 for none, and where its content is. */
export interface Member {
  tag: number;
  start: number;
  end: number;
}

export const VALUE = {
  none: 0,
  string: 0x0a,
  bool: 0x10,
  int: 0x18,
  double: 0x21,
  array: 0x2a,
  map: 0x32,
  bytes: 0x3a,
} as const;

import { contentEnd, readPair } from './fit-fields.ts';

const cursor = createCursor();
const member: Member = { tag: 0, start: 0, end: 0 };
const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

/** Finds the last member of the AnyValue at `bytes[start, end)`; the same object each time. `start` -1: no value. */
export function memberOf(bytes: Uint8Array, start: number, end: number): Member {
  member.tag = VALUE.none;
  if (start < 0) return member;
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    let from = cursor.at;
    if ((tag & 7) === 2) {
      const contentEndsAt = contentEnd(bytes, cursor, end);
      from = cursor.at;
      cursor.at = contentEndsAt;
    } else skipField(bytes, cursor, tag);
    if (tag >>> 3 > 8) continue;
    member.tag = tag;
    member.start = from;
    member.end = cursor.at;
  }
  return member;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}

/** Characters of the signed 64-bit integer of two unsigned halves in decimal. */
export function intBytes(lo: number, hi: number): number {
  if (hi === 0) return digitsOf(lo);
  // Nanoseconds of 2001 to 2262, by far the most frequent: saves the text.
  if (hi > 0x0de0_b6b3 && hi < 0x8000_0000) return 19;
  return int64Text(lo, hi).length;
}

/** A double as Loki prints it, which is as JavaScript does but for the sign of zero. */
export const doubleText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function scalarBytes(bytes: Uint8Array, { tag, start }: Member): number {
  cursor.at = start;
  if (tag === VALUE.bool) return readBool(bytes, cursor) ? 4 : 5;
  if (tag === VALUE.double) return doubleText(doubleAt(bytes, start)).length;
  if (tag !== VALUE.int) return 0;
  readVarint64(bytes, cursor);
  return intBytes(cursor.lo, cursor.hi);
}

const base64Bytes = (length: number): number => Math.ceil(length / 3) * 4;

/**
 * Bytes of the text that Loki makes of the AnyValue at `bytes[start, end)`: strings as they are, lists and maps as
 * JSON. NaN when it makes an empty text of a value that is not: a list or map with a number that JSON has not.
 */
export function textBytes(bytes: Uint8Array, start: number, end: number): number {
  const found = memberOf(bytes, start, end);
  if (found.tag === VALUE.string) return found.end - found.start;
  if (found.tag === VALUE.bytes) return base64Bytes(found.end - found.start);
  if (found.tag === VALUE.array) return listBytes(bytes, found.start, found.end);
  if (found.tag === VALUE.map) return mapBytes(bytes, found.start, found.end);
  return scalarBytes(bytes, found);
}

function jsonBytes(bytes: Uint8Array, start: number, end: number): number {
  const found = memberOf(bytes, start, end);
  switch (found.tag) {
    case VALUE.string:
      return stringBytes(bytes, found.start, found.end);
    case VALUE.bytes:
      return base64Bytes(found.end - found.start) + 2;
    case VALUE.array:
      return listBytes(bytes, found.start, found.end);
    case VALUE.map:
      return mapBytes(bytes, found.start, found.end);
    case VALUE.double:
      if (!Number.isFinite(doubleAt(bytes, found.start))) return Number.NaN;
      return scalarBytes(bytes, found);
    case VALUE.bool:
    case VALUE.int:
      return scalarBytes(bytes, found);
    default:
      return 4;
  }
}

/** Bytes of `bytes[start, end)` as a JSON string of Go's encoder without its escapes for HTML, quotes included. */
function stringBytes(bytes: Uint8Array, start: number, end: number): number {
  let size = end - start + 2;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0x22 || byte === 0x5c) size++;
    else if (byte < 0x20) size += isShortEscape(byte) ? 1 : 5;
    // U+2028 and U+2029, three bytes each, become six.
    else if (byte === 0xe2 && bytes[at + 1] === 0x80 && (bytes[at + 2]! & 0xfe) === 0xa8) size += 3;
  }
  return size;
}

/** Whether JSON has a letter for it: backspace, tab, line feed, form feed, carriage return. */
const isShortEscape = (byte: number): boolean => byte >= 0x08 && byte <= 0x0d && byte !== 0x0b;

function listBytes(bytes: Uint8Array, start: number, end: number): number {
  let size = 2;
  let count = 0;
  for (let at = start; at < end; ) {
    cursor.at = at;
    const tag = readUint32(bytes, cursor);
    if (tag !== 0x0a) {
      skipField(bytes, cursor, tag);
      at = cursor.at;
      continue;
    }
    at = contentEnd(bytes, cursor, end);
    const from = cursor.at;
    size += jsonBytes(bytes, from, at) + (count++ > 0 ? 1 : 0);
  }
  return size;
}

/** Keys that are there twice are counted twice, though Loki keeps the last. */
function mapBytes(bytes: Uint8Array, start: number, end: number): number {
  let size = 2;
  let count = 0;
  for (let at = start; at < end; ) {
    cursor.at = at;
    const tag = readUint32(bytes, cursor);
    if (tag !== 0x0a) {
      skipField(bytes, cursor, tag);
      at = cursor.at;
      continue;
    }
    at = contentEnd(bytes, cursor, end);
    readPair(bytes, range, { start: cursor.at, end: at });
    const name = stringBytes(bytes, range.start, range.end);
    const value = range.valueStart < 0 ? 4 : jsonBytes(bytes, range.valueStart, range.valueEnd);
    size += name + value + (count++ > 0 ? 2 : 1);
  }
  return size;
}
