import { type KeyValueRange, readKeyValue, scalarText } from '#otlp/any-value.ts';
import { createHotKeys, hotIndexOf } from '#otlp/hot-keys.ts';

/** The text of each wanted attribute: undefined when it is not there, null when it is no scalar. */
export type Texts = (string | null | undefined)[];

/** Keys, each with a place of its own. */
export interface KeyIndex {
  keys: string[];
  indexOf(key: string): number;
}

export function createKeyIndex(): KeyIndex {
  const keys: string[] = [];
  return {
    keys,
    indexOf(key) {
      const index = keys.indexOf(key);
      return index >= 0 ? index : keys.push(key) - 1;
    },
  };
}

export interface AttributeReader {
  /** Of the list since `clear`; filled again for the next. */
  texts: Texts;
  clear(): void;
  /** Reads a KeyValue and answers where its parts are; good until the next call. Of equal keys the first counts. */
  add(bytes: Uint8Array, start: number, end: number): KeyValueRange;
}

/** Picks the values of a few keys out of attribute lists; the others are only stepped over. */
export function createAttributeReader(keys: readonly string[]): AttributeReader {
  const hot = createHotKeys(keys);
  const texts: Texts = new Array(keys.length).fill(undefined);
  const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
  return {
    texts,
    clear() {
      for (let i = 0; i < texts.length; i++) texts[i] = undefined;
    },
    add(bytes, start, end) {
      readKeyValue(bytes, range, start, end);
      const index = hotIndexOf(hot, bytes, range.start, range.end);
      if (index >= 0 && texts[index] === undefined)
        texts[index] = scalarText(bytes, range.valueStart, range.valueEnd);
      return range;
    },
  };
}
