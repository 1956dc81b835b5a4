import { type KeyValueRange, readKeyValue } from '#otlp/any-value.ts';
import { type Cursor, createCursor, readUint32, skipField } from '#otlp/wire.ts';

/** A place in the bytes of a payload. */
export interface Span {
  start: number;
  end: number;
}

/**
 * Reads the length at the cursor and answers where the content ends. Throws RangeError when that is behind `end`, so
 * that bytes which nobody checked can not send us around for hours.
 */
export function contentEnd(source: Uint8Array, cursor: Cursor, end: number): number {
  const length = readUint32(source, cursor);
  if (cursor.at + length > end) throw new RangeError('a field is longer than the message around it');
  return cursor.at + length;
}

/** Sets `pair` to where key and value of the KeyValue at `span` are. Throws RangeError as `contentEnd`. */
export function readPair(source: Uint8Array, pair: KeyValueRange, { start, end }: Readonly<Span>): void {
  readKeyValue(source, pair, start, end);
  if (pair.end > end || pair.valueEnd > end)
    throw new RangeError('a field is longer than the message around it');
}

/** One field of a message: its content, what stands behind the tag and the length. */
export interface Field extends Span {
  tag: number;
  /** Where its tag begins. */
  at: number;
}

/** Calls `onField` for each field of the message at `span`, in their order. */
export function eachField(source: Uint8Array, span: Readonly<Span>, onField: (field: Field) => void): void {
  const cursor = createCursor();
  cursor.at = span.start;
  while (cursor.at < span.end) {
    const at = cursor.at;
    const tag = readUint32(source, cursor);
    let start = cursor.at;
    if ((tag & 7) === 2) {
      const contentEndsAt = contentEnd(source, cursor, span.end);
      start = cursor.at;
      cursor.at = contentEndsAt;
    } else skipField(source, cursor, tag);
    onField({ tag, at, start, end: cursor.at });
  }
}

const cursor = createCursor();
const found: Span = { start: 0, end: 0 };

/** The content of the first field with a tag in a message; an empty place when there is none. Good until the next call. */
export function findField(source: Uint8Array, within: Readonly<Span>, wanted: number): Readonly<Span> {
  found.start = 0;
  found.end = 0;
  const { end } = within;
  cursor.at = within.start;
  while (cursor.at < end) {
    const tag = readUint32(source, cursor);
    if (tag !== wanted) {
      skipField(source, cursor, tag);
      continue;
    }
    found.end = contentEnd(source, cursor, end);
    found.start = cursor.at;
    break;
  }
  return found;
}
