import type { Signal } from '#core/signal.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';

/** A message that holds items: a resource group (depth 0), scope group (1), metric (2) or its data (3). */
export interface Group {
  outer: Group | null;
  depth: number;
  tag: number;
  /** Where its field begins, and its content. */
  at: number;
  start: number;
  end: number;
  /** Whether an item in it stays. */
  isKept: boolean;
}

/** Why an item goes. */
export interface Verdict {
  reason: 'drop' | 'sample' | 'rate_limit';
  rule: string;
}

/** Where a span, log record or data point is: its field from `at`, its content from `start`. */
export interface Place {
  group: Group;
  at: number;
  start: number;
  end: number;
}

export interface Item extends Place {
  service: string;
  verdict: Verdict | null;
  /** How it changes when it stays. */
  change: Edit | null;
}

interface Visitor {
  /** Called for each group before what is in it. */
  open(group: Group): void;
  item(place: Place): void;
}

const TO_ITEMS = [[0x0a], [0x12], [0x12]];

/** The tags that lead from a request down to its items, level by level. */
const PATHS: Readonly<Record<Signal, readonly (readonly number[])[]>> = {
  traces: TO_ITEMS,
  logs: TO_ITEMS,
  metrics: [...TO_ITEMS, [0x2a, 0x3a, 0x4a, 0x52, 0x5a], [0x0a]],
};

interface Range {
  start: number;
  end: number;
}

/** Visits groups and items of a checked Export<Signal>ServiceRequest in their order. */
export function walkItems(signal: Signal, bytes: Uint8Array, visitor: Visitor): void {
  const path = PATHS[signal];
  const itemDepth = path.length - 1;

  function walk(outer: Group | null, depth: number, { end, start }: Range): void {
    const cursor = createCursor();
    cursor.at = start;
    while (cursor.at < end) {
      const at = cursor.at;
      const tag = readUint32(bytes, cursor);
      if (!path[depth]!.includes(tag)) {
        skipField(bytes, cursor, tag);
        continue;
      }
      const length = readUint32(bytes, cursor);
      const from = cursor.at;
      cursor.at = from + length;
      if (depth === itemDepth) visitor.item({ group: outer!, at, start: from, end: cursor.at });
      else {
        const group = { outer, depth, tag, at, start: from, end: cursor.at, isKept: false };
        visitor.open(group);
        walk(group, depth + 1, group);
      }
    }
  }
  walk(null, 0, { start: 0, end: bytes.length });
}

/** The content of the last field `tag` of a message; 0, 0 without one. */
export function fieldIn(bytes: Uint8Array, tag: number, { end, start }: Range): Range {
  const cursor = createCursor();
  const found = { start: 0, end: 0 };
  cursor.at = start;
  while (cursor.at < end) {
    const each = readUint32(bytes, cursor);
    if (each !== tag) {
      skipField(bytes, cursor, each);
      continue;
    }
    const length = readUint32(bytes, cursor);
    found.start = cursor.at;
    cursor.at += length;
    found.end = cursor.at;
  }
  return found;
}
