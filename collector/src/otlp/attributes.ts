import { type KeyValueRange, readKeyValue, scalarText, writeAnyValue } from './any-value.ts';
import { type HotKeys, hotIndexOf } from './hot-keys.ts';
import { createJsonOut, type JsonOut, jsonText, resetJson, writeByte, writeString } from './json-out.ts';
import { addKey, closeKeys, createKeySet, type KeySet } from './key-set.ts';

/**
 * One attribute list that becomes one JSON object. Of keys that are there twice the first counts: the
 * specification wants keys to be unique and leaves open which one a receiver keeps (common.proto, KeyValueList).
 */
export interface Attributes {
  out: JsonOut;
  keys: KeySet;
  range: KeyValueRange;
}

export function createAttributes(): Attributes {
  const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
  const attributes: Attributes = { out: createJsonOut(), keys: createKeySet(), range };
  openAttributes(attributes);
  return attributes;
}

/** Begins an empty list. */
export function openAttributes(attributes: Attributes): void {
  closeKeys(attributes.keys, 0);
  resetJson(attributes.out);
  writeByte(attributes.out, 0x7b);
}

/** Adds the KeyValue at `bytes[start, end)`; false when its key is there already and it was dropped. */
export function addAttribute(attributes: Attributes, bytes: Uint8Array, start: number, end: number): boolean {
  const { out, keys, range } = attributes;
  readKeyValue(bytes, range, start, end);
  if (!addKey(keys, 0, bytes, range)) return false;
  if (keys.count > 1) writeByte(out, 0x2c);
  writeString(out, bytes, range.start, range.end);
  writeByte(out, 0x3a);
  writeAnyValue(attributes, bytes, range.valueStart, range.valueEnd);
  return true;
}

/** As `addAttribute`, and notes the text of a wanted one in `values` by its index in `hot`. */
export function addHotAttribute(
  attributes: Attributes,
  hot: { keys: HotKeys; values: (string | null)[] },
  bytes: Uint8Array,
  field: { start: number; end: number },
): void {
  if (!addAttribute(attributes, bytes, field.start, field.end)) return;
  const { start, end, valueStart, valueEnd } = attributes.range;
  const index = hotIndexOf(hot.keys, bytes, start, end);
  if (index >= 0) hot.values[index] = scalarText(bytes, valueStart, valueEnd);
}

/** Ends the list, for `jsonText` or `writeJson`. */
export function closeAttributes(attributes: Attributes): JsonOut {
  writeByte(attributes.out, 0x7d);
  return attributes.out;
}

/** Ends the list and gives it as text. */
export function attributesText(attributes: Attributes): string {
  return attributes.keys.count === 0 ? '{}' : jsonText(closeAttributes(attributes));
}
