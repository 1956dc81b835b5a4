import { readKeyValue, scalarText } from '#otlp/any-value.ts';
import type { Edit } from '#otlp/rewrite.ts';

const STRING_VALUE = 0x0a;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

/** An AnyValue message that holds `text`. */
export function stringValue(text: string): Uint8Array {
  const content = Buffer.from(text);
  return Buffer.concat([Uint8Array.from([STRING_VALUE, ...varint(content.length)]), content]);
}

const range = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

/** What is known of an attribute's value: where its AnyValue is, and its text when it is no list. */
export interface AttributeValue {
  start: number;
  end: number;
  text: string | null;
}

/** The value of the checked KeyValue at `bytes[start, end)`; null when it has none. */
export function attributeValue(bytes: Uint8Array, start: number, end: number): AttributeValue | null {
  readKeyValue(bytes, range, start, end);
  const { valueEnd, valueStart } = range;
  if (valueStart < 0 || valueStart === valueEnd) return null;
  return { start: valueStart, end: valueEnd, text: scalarText(bytes, valueStart, valueEnd) };
}

/** Puts `text` in the place of a value, whatever its type was. */
export function replaceValue(value: AttributeValue, text: string): Edit {
  return { start: value.start, end: value.end, bytes: stringValue(text) };
}
