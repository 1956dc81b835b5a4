import { readKeyValue, scalarText } from '#otlp/any-value.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';

const STRING_VALUE = 0x0a;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

/** The few texts that stand in the place of many values. */
const markers = new Map<string, Uint8Array>();
const MAX_MARKERS = 1000;

/** An AnyValue message that holds `text`; do not write into it. */
export function stringValue(text: string): Uint8Array {
  const known = markers.get(text);
  if (known !== undefined) return known;
  const content = Buffer.from(text);
  const value = Buffer.concat([Uint8Array.from([STRING_VALUE, ...varint(content.length)]), content]);
  if (text.startsWith('[') && markers.size < MAX_MARKERS) markers.set(text, value);
  return value;
}

const range = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
const cursor = createCursor();

/** What is known of an attribute's value: where its AnyValue is, and its text when it is no list. */
export interface AttributeValue {
  start: number;
  end: number;
  text: string | null;
  /** The tag of its only member; 0 when there are several, of which readers take the last. */
  onlyTag: number;
}

/** The value of the checked KeyValue at `bytes[start, end)`; null when it has none. */
export function attributeValue(bytes: Uint8Array, start: number, end: number): AttributeValue | null {
  readKeyValue(bytes, range, start, end);
  const { valueEnd, valueStart } = range;
  if (valueStart < 0 || valueStart === valueEnd) return null;
  cursor.at = valueStart;
  const tag = readUint32(bytes, cursor);
  skipField(bytes, cursor, tag);
  const onlyTag = cursor.at === valueEnd ? tag : 0;
  return { start: valueStart, end: valueEnd, text: scalarText(bytes, valueStart, valueEnd), onlyTag };
}

/** Puts `text` in the place of a value, whatever its type was. */
export function replaceValue(value: AttributeValue, text: string): Edit {
  return { start: value.start, end: value.end, bytes: stringValue(text) };
}
