import type { KeyValueRange } from '#otlp/any-value.ts';
import { addAttribute, type Cost, clearCost } from './fit-cost.ts';
import { eachField, readPair, type Span } from './fit-fields.ts';
import type { Moved } from './fit-moved.ts';
import { jsonOf, textOf } from './fit-text.ts';
import { memberOf, VALUE } from './fit-value.ts';

/** One attribute of a list; `start` to `end` is its KeyValue. */
export interface Listed extends Span {
  entries: number;
  bytes: number;
  isBad: boolean;
  /** Stays where it is. */
  isKept: boolean;
}

export interface AttributeList {
  listed: Listed[];
  /** Attributes behind the last one that is listed, which are too many for Loki anyway. */
  leftOut: number;
  /** What all of them take, listed or not. */
  total: Budget;
}

/** What attributes take or may take of Loki's limits. */
export interface Budget {
  entries: number;
  bytes: number;
}

/** Of one record at most, so that a hostile list of millions costs no memory. */
const MOST_LISTED = 4096;

/** The attributes, fields with `tag` of the message at `span`, that `isMetadata` says count; `cost` is used for each. */
export function listAttributes(
  cost: Cost,
  from: { span: Span; tag: number },
  isMetadata: (span: Span) => boolean,
): AttributeList {
  const listed: Listed[] = [];
  const total: Budget = { entries: 0, bytes: 0 };
  let leftOut = 0;
  eachField(cost.source, from.span, ({ tag, start, end }) => {
    if (tag !== from.tag || !isMetadata({ start, end })) return;
    clearCost(cost);
    addAttribute(cost, start, end);
    const { bytes, entries, isBad } = cost;
    total.entries += entries;
    total.bytes += bytes;
    if (listed.length === MOST_LISTED) leftOut++;
    else listed.push({ start, end, entries, bytes, isBad, isKept: false });
  });
  return { listed, leftOut, total };
}

/** Keeps the smallest, as many as the budget holds, and none that Loki has no name for. Answers what is kept. */
export function keepWithin({ listed }: AttributeList, budget: Budget): Budget {
  const kept: Budget = { entries: 0, bytes: 0 };
  for (const one of listed.toSorted((a, b) => a.bytes - b.bytes)) {
    one.isKept =
      !one.isBad && kept.entries + one.entries <= budget.entries && kept.bytes + one.bytes <= budget.bytes;
    if (!one.isKept) continue;
    kept.entries += one.entries;
    kept.bytes += one.bytes;
  }
  return kept;
}

/** The attribute at `span` as something that is moved. */
export function movedAttribute(source: Uint8Array, { start, end, bytes }: Listed): Moved {
  return {
    bytes,
    read() {
      const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
      readPair(source, range, { start, end });
      const { valueStart, valueEnd } = range;
      const isString = memberOf(source, valueStart, valueEnd).tag === VALUE.string;
      return {
        key: source.subarray(range.start, range.end),
        text: isString ? textOf(source, valueStart, valueEnd) : jsonOf(source, valueStart, valueEnd),
        isJson: !isString,
      };
    },
  };
}
