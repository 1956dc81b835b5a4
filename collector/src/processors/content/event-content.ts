import { type KeyValueRange, readKeyValue } from '#otlp/any-value.ts';
import { createCursor, readUint32, skipField, textAt } from '#otlp/wire.ts';
import { isContentInEvent } from './content-keys.ts';

/** A field that holds content: from its tag to its end, and the AnyValue in it, -1 and -1 without one. */
export interface ContentField {
  start: number;
  end: number;
  valueStart: number;
  valueEnd: number;
}

const LOG_BODY = 0x2a;
const LOG_ATTRIBUTE = 0x32;
const SPAN_EVENT = 0x5a;
const EVENT_ATTRIBUTE = 0x1a;
/** An AnyValue that is a bool, an integer or a double. */
const NUMBERS: readonly number[] = [0x10, 0x18, 0x21];

interface Range {
  start: number;
  end: number;
}

type Visit = (tag: number, start: number, content: Range) => void;

/** The KeyValue at `content`, in the field that begins at `start`. */
export function attributeAt(bytes: Uint8Array, start: number, content: Range): ContentField {
  readKeyValue(bytes, pair, content.start, content.end);
  return { start, end: content.end, valueStart: pair.valueStart, valueEnd: pair.valueEnd };
}

const pair: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

/** Adds the body and the attributes that are content of the log record at `start`, one of a content event. */
export function contentOfRecord(bytes: Uint8Array, start: number, found: ContentField[]): void {
  forEachField(bytes, { start, end: endOfMessage(bytes, start) }, (tag, fieldStart, content) => {
    if (tag === LOG_BODY) {
      found.push({ start: fieldStart, end: content.end, valueStart: content.start, valueEnd: content.end });
    } else if (tag === LOG_ATTRIBUTE && isContentAttribute(bytes, content)) {
      found.push(attributeAt(bytes, fieldStart, content));
    }
  });
}

/**
 * Adds the attributes that are content of the span event around the offset `nameAt`, which is looked for from `from`
 * on, the begin of a field of the span. Answers where to look for an event behind it.
 */
export function contentOfEvent(
  bytes: Uint8Array,
  { from, nameAt }: { from: number; nameAt: number },
  found: ContentField[],
): number {
  const cursor = createCursor();
  cursor.at = from;
  let tag = 0;
  let content: Range = { start: from, end: from };
  while (cursor.at <= nameAt) {
    tag = readUint32(bytes, cursor);
    content = contentAt(bytes, cursor.at, tag);
    cursor.at = content.end;
  }
  if (tag === SPAN_EVENT) {
    forEachField(bytes, content, (inner, start, range) => {
      if (inner !== EVENT_ATTRIBUTE || !isContentAttribute(bytes, range)) return;
      found.push(attributeAt(bytes, start, range));
    });
  }
  return cursor.at;
}

/** Numbers say little; of what else is there, only what is known not to be content is let through. */
function isContentAttribute(bytes: Uint8Array, { start, end }: Range): boolean {
  readKeyValue(bytes, pair, start, end);
  if (pair.valueStart < 0 || isNumber(bytes, pair.valueStart, pair.valueEnd)) return false;
  return isContentInEvent(textAt(bytes, pair.start, pair.end));
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  const cursor = createCursor();
  cursor.at = start;
  const tag = readUint32(bytes, cursor);
  skipField(bytes, cursor, tag);
  return NUMBERS.includes(tag) && cursor.at === end;
}

function forEachField(bytes: Uint8Array, { start, end }: Range, visit: Visit): void {
  const cursor = createCursor();
  cursor.at = start;
  while (cursor.at < end) {
    const fieldStart = cursor.at;
    const tag = readUint32(bytes, cursor);
    const content = contentAt(bytes, cursor.at, tag);
    cursor.at = content.end;
    visit(tag, fieldStart, content);
  }
}

function contentAt(bytes: Uint8Array, at: number, tag: number): Range {
  const cursor = createCursor();
  cursor.at = at;
  if ((tag & 7) === 2) {
    const length = readUint32(bytes, cursor);
    return { start: cursor.at, end: cursor.at + length };
  }
  skipField(bytes, cursor, tag);
  return { start: at, end: cursor.at };
}

/**
 * The end of the message whose content begins at `start`. Its length is read backwards: only the last byte of a
 * varint is below 0x80, and what stands before the length is a tag, a varint too.
 */
function endOfMessage(bytes: Uint8Array, start: number): number {
  const cursor = createCursor();
  cursor.at = start - 1;
  while (cursor.at > 0 && bytes[cursor.at - 1]! >= 0x80) cursor.at--;
  return start + readUint32(bytes, cursor);
}
