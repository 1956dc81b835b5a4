import type { KeyValueRange } from '#otlp/any-value.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { contentEnd, readPair, type Span } from './fit-fields.ts';
import { type LokiName, measureName, measureNested } from './fit-names.ts';
import { memberOf, textBytes, VALUE } from './fit-value.ts';

/**
 * What parts of `source` take of Loki's limits for the structured metadata of a line. An attribute `detected_level`
 * is counted, though Loki does not.
 */
export interface Cost {
  source: Uint8Array;
  entries: number;
  /** Of names and values together. */
  bytes: number;
  /** Holds what Loki refuses or empties whatever its size. */
  isBad: boolean;
}

export const createCost = (source: Uint8Array): Cost => ({ source, entries: 0, bytes: 0, isBad: false });

export function clearCost(cost: Cost): void {
  cost.entries = 0;
  cost.bytes = 0;
  cost.isBad = false;
}

/** Adds one entry; `valueBytes` is NaN when Loki would make an empty text of a value. */
export function addEntry(cost: Cost, nameBytes: number, valueBytes: number): void {
  cost.entries++;
  if (Number.isNaN(valueBytes)) cost.isBad = true;
  else cost.bytes += nameBytes + valueBytes;
}

const cursor = createCursor();
const span: Span = { start: 0, end: 0 };
const attribute: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
/** Of what is being added: of a map while its entries are, then of each entry. */
const name: LokiName = { bytes: 0, isOpen: false };

/** Adds the attribute whose KeyValue is at `[start, end)`: Loki makes one entry of it, of a map one for each leaf. */
export function addAttribute(cost: Cost, start: number, end: number): void {
  span.start = start;
  span.end = end;
  readPair(cost.source, attribute, span);
  measureName(name, cost.source, attribute);
  if (name.bytes === 0) cost.isBad = true;
  addValue(cost, attribute.valueStart, attribute.valueEnd);
}

function addValue(cost: Cost, start: number, end: number): void {
  const found = memberOf(cost.source, start, end);
  if (found.tag === VALUE.map) addMap(cost, found.start, found.end);
  else addEntry(cost, name.bytes, textBytes(cost.source, start, end));
}

function addMap(cost: Cost, start: number, end: number): void {
  const { bytes, isOpen } = name;
  for (let at = start; at < end; ) {
    cursor.at = at;
    const tag = readUint32(cost.source, cursor);
    if (tag !== 0x0a) {
      skipField(cost.source, cursor, tag);
      at = cursor.at;
      continue;
    }
    at = contentEnd(cost.source, cursor, end);
    span.start = cursor.at;
    span.end = at;
    readPair(cost.source, attribute, span);
    name.bytes = bytes;
    name.isOpen = isOpen;
    measureNested(name, cost.source, attribute);
    addValue(cost, attribute.valueStart, attribute.valueEnd);
  }
}
