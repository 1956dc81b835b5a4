import { type KeyValueRange, readKeyValue } from '#otlp/any-value.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import type { LimitConfig } from './config.ts';
import { countLimit, type Limited } from './counts.ts';
import { keyValue, messageField, textValue } from './fields.ts';
import { cutText } from './text.ts';

interface Range {
  start: number;
  end: number;
}

/** The member of an AnyValue that counts, the last; `tag` 0 when it has none. */
interface Member extends Range {
  tag: number;
  tagAt: number;
}

interface Trim extends Limited {
  bytes: Uint8Array;
  /** What may still be kept. */
  bytesLeft: number;
  valuesLeft: number;
}

const ARRAY = 0x2a;
const KVLIST = 0x32;
const STRING = 0x0a;
const BYTES = 0x3a;
const FIRST = 0x0a;
/** Room for one marker with everything around it. */
const MARKER_BYTES = 64;
const MARKER_KEY = '[cut]';

const isList = (tag: number) => tag === ARRAY || tag === KVLIST;
const isText = (tag: number) => tag === STRING || tag === BYTES;

function memberOf(bytes: Uint8Array, value: Range): Member {
  const cursor = createCursor();
  const member: Member = { tag: 0, tagAt: value.start, start: value.start, end: value.start };
  cursor.at = value.start;
  while (cursor.at < value.end) {
    const tagAt = cursor.at;
    const tag = readUint32(bytes, cursor);
    const valueAt = cursor.at;
    skipField(bytes, cursor, tag);
    if (tag >>> 3 > 8) continue;
    member.tag = tag;
    member.tagAt = tagAt;
    member.end = cursor.at;
    cursor.at = valueAt;
    if ((tag & 7) === 2) readUint32(bytes, cursor);
    member.start = cursor.at;
    cursor.at = member.end;
  }
  return member;
}

/** The list in an element, which is an AnyValue or, in a kvlist, a KeyValue; its tag is no list's when there is none. */
function elementValue(trim: Trim, listTag: number, element: Range): Range {
  if (listTag === ARRAY) return element;
  const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
  readKeyValue(trim.bytes, range, element.start, element.end);
  return range.valueStart < 0
    ? { start: element.end, end: element.end }
    : { start: range.valueStart, end: range.valueEnd };
}

function markerElement(listTag: number, text: string): Uint8Array {
  const value = textValue(text);
  return messageField(FIRST, listTag === ARRAY ? value : keyValue(MARKER_KEY, value));
}

function cutRest(trim: Trim, list: Member, at: number): false {
  const isCrowd = trim.valuesLeft <= 0;
  const text = isCrowd ? '[cut: too many values]' : '[cut: too large]';
  trim.edits.push({ start: at, end: list.end, bytes: markerElement(list.tag, text) });
  countLimit(trim.counts, isCrowd ? 'list' : 'value_length', 1);
  return false;
}

/** Keeps an element or a part of it; false when there is no room for either, 'full' when a list in it was cut. */
function trimElement(trim: Trim, listTag: number, element: Range & { tagAt: number }): boolean | 'full' {
  const value = elementValue(trim, listTag, element);
  const inner = memberOf(trim.bytes, value);
  const size = element.end - element.tagAt;
  const around = size - (isList(inner.tag) ? inner.end - inner.start : 0);
  if (isList(inner.tag) && around <= trim.bytesLeft) {
    trim.bytesLeft -= around;
    trim.valuesLeft--;
    return trimList(trim, inner) ? true : 'full';
  }
  if (size <= trim.bytesLeft) {
    trim.bytesLeft -= size;
    trim.valuesLeft--;
    return true;
  }
  if (!isText(inner.tag)) return false;
  const beside = size - (inner.end - inner.start);
  // Half of the room, so that what follows has a chance too.
  const room = Math.floor((trim.bytesLeft - beside) / 2);
  const shorter = room < MARKER_BYTES ? null : cutText(trim.bytes, inner, room);
  if (shorter === null) return false;
  trim.bytesLeft -= beside + shorter.length;
  trim.valuesLeft--;
  trim.edits.push({ start: inner.start, end: inner.end, bytes: shorter });
  countLimit(trim.counts, 'value_length', 1);
  return true;
}

/** False when something was cut from here on, so that all that follows has to go too. */
function trimList(trim: Trim, list: Member): boolean {
  const cursor = createCursor();
  cursor.at = list.start;
  while (cursor.at < list.end) {
    const tagAt = cursor.at;
    const tag = readUint32(trim.bytes, cursor);
    const lengthAt = cursor.at;
    skipField(trim.bytes, cursor, tag);
    const end = cursor.at;
    if (tag !== FIRST) {
      trim.bytesLeft -= end - tagAt;
      if (trim.bytesLeft < 0) return cutRest(trim, list, tagAt);
      continue;
    }
    if (trim.valuesLeft <= 0) return cutRest(trim, list, tagAt);
    cursor.at = lengthAt;
    readUint32(trim.bytes, cursor);
    const kept = trimElement(trim, list.tag, { tagAt, start: cursor.at, end });
    if (kept === false) return cutRest(trim, list, tagAt);
    if (kept === 'full') {
      if (end < list.end) trim.edits.push({ start: end, end: list.end, bytes: new Uint8Array(0) });
      return false;
    }
    cursor.at = end;
  }
  return true;
}

/** The number of values in a list, those in lists within it included; counting ends above `most`. */
function countValues(trim: Trim, list: Member, most: number): number {
  const cursor = createCursor();
  let found = 0;
  cursor.at = list.start;
  while (cursor.at < list.end && found <= most) {
    const tag = readUint32(trim.bytes, cursor);
    const lengthAt = cursor.at;
    skipField(trim.bytes, cursor, tag);
    if (tag !== FIRST) continue;
    const end = cursor.at;
    found++;
    cursor.at = lengthAt;
    readUint32(trim.bytes, cursor);
    const inner = memberOf(trim.bytes, elementValue(trim, list.tag, { start: cursor.at, end }));
    if (isList(inner.tag)) found += countValues(trim, inner, most - found);
    cursor.at = end;
  }
  return found;
}

function createTrim(bytes: Uint8Array, config: LimitConfig, aroundBytes: number): Trim {
  return {
    bytes,
    edits: [],
    counts: {},
    bytesLeft: Math.max(0, config.max_value_bytes - aroundBytes - MARKER_BYTES),
    valuesLeft: config.max_list_values - 1,
  };
}

/** Of a oneof the last member counts, so that others are only weight. */
function cutOthers(trim: Trim, value: Range, member: Member): void {
  const before = { start: value.start, end: member.tagAt };
  const after = { start: member.end, end: value.end };
  const others = [before, after].filter(({ end, start }) => end > start);
  for (const other of others) trim.edits.push({ ...other, bytes: new Uint8Array(0) });
  countLimit(trim.counts, 'value_length', others.length);
}

/**
 * What to do with the AnyValue at `value` when it has more than `max_value_bytes` as a whole or, lists within lists
 * included, more than `max_list_values`: the first values stay, a text among them that does not fit is cut as `cutText`
 * does, and where there is no room the rest becomes one element `[cut: too large]` or `[cut: too many values]` (of a list
 * with keys its key is `[cut]`). Takes bytes from which secrets are gone already, since a text cut may not show them all.
 */
export function valueEdits(bytes: Uint8Array, value: Range, config: LimitConfig): Limited {
  const { max_list_values, max_value_bytes } = config;
  const member = memberOf(bytes, value);
  const around = member.start - member.tagAt;
  const trim = createTrim(bytes, config, around);
  if (!isList(member.tag)) {
    if (value.end - value.start - around > max_value_bytes) cutOthers(trim, value, member);
    const shorter = cutText(bytes, member, max_value_bytes);
    if (shorter === null) return trim;
    trim.edits.push({ start: member.start, end: member.end, bytes: shorter });
    countLimit(trim.counts, 'value_length', 1);
    return trim;
  }
  if (value.end - value.start > max_value_bytes) cutOthers(trim, value, member);
  const isCrowd = countValues(trim, member, max_list_values) > max_list_values;
  if (isCrowd || member.end - member.tagAt > max_value_bytes) trimList(trim, member);
  return trim;
}

/** As `valueEdits`, for the content of an array or list with keys, whose field stands right before it. */
export function listEdits(bytes: Uint8Array, list: Range, config: LimitConfig): Limited {
  let lengthAt = list.start - 1;
  while (lengthAt > 0 && bytes[lengthAt - 1]! >= 0x80) lengthAt--;
  const tag = bytes[lengthAt - 1] === KVLIST ? KVLIST : ARRAY;
  const trim = createTrim(bytes, config, 0);
  const member: Member = { tag, tagAt: lengthAt - 1, start: list.start, end: list.end };
  if (countValues(trim, member, config.max_list_values) <= config.max_list_values) return trim;
  trim.bytesLeft = Number.POSITIVE_INFINITY;
  trimList(trim, member);
  return trim;
}

/** Replaces the AnyValue at `value`, which is nested too deep, by a text when it is an array or a list with keys. */
export function deepEdits(bytes: Uint8Array, value: Range, config: LimitConfig): Limited {
  if (!isList(memberOf(bytes, value).tag)) return { edits: [], counts: {} };
  const marker = textValue(`[cut: nested deeper than ${config.max_depth}]`);
  return { edits: [{ start: value.start, end: value.end, bytes: marker }], counts: { depth: 1 } };
}
