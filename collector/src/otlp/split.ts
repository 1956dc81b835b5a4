import type { Signal } from '#core/signal.ts';
import { splice } from './rewrite.ts';
import { createCursor, readUint32, skipField } from './wire.ts';

/** Items by their order on the wire, from 0; `to` is excluded. */
export interface ItemRange {
  from: number;
  to: number;
}

const TO_ITEMS = [[0x0a], [0x12], [0x12]];
const POINT_KINDS = [0x2a, 0x3a, 0x4a, 0x52, 0x5a];

/** The tags that lead from a request down to its items, level by level. */
const PATHS: Readonly<Record<Signal, readonly (readonly number[])[]>> = {
  traces: TO_ITEMS,
  logs: TO_ITEMS,
  metrics: [...TO_ITEMS, POINT_KINDS, [0x0a]],
};

interface Selection {
  bytes: Uint8Array;
  path: readonly (readonly number[])[];
  range: ItemRange;
  /** Items passed so far. */
  passed: number;
  cuts: number[];
}

/** Notes what must go in one message and answers how many items in it stay. */
function select(work: Selection, depth: number, within: { start: number; end: number }): number {
  const cursor = createCursor();
  cursor.at = within.start;
  let kept = 0;
  while (cursor.at < within.end) {
    const tagAt = cursor.at;
    const tag = readUint32(work.bytes, cursor);
    if (!work.path[depth]!.includes(tag)) {
      skipField(work.bytes, cursor, tag);
      continue;
    }
    const length = readUint32(work.bytes, cursor);
    const start = cursor.at;
    cursor.at = start + length;
    const cutsBefore = work.cuts.length;
    const isItem = depth === work.path.length - 1;
    const inside = isItem ? passItem(work) : select(work, depth + 1, { start, end: cursor.at });
    kept += inside;
    if (inside > 0) continue;
    work.cuts.length = cutsBefore;
    work.cuts.push(tagAt, cursor.at);
  }
  return kept;
}

function passItem(work: Selection): number {
  const at = work.passed++;
  return at >= work.range.from && at < work.range.to ? 1 : 0;
}

function selectItems(signal: Signal, bytes: Uint8Array, range: ItemRange): Selection {
  const work: Selection = { bytes, path: PATHS[signal], range, passed: 0, cuts: [] };
  select(work, 0, { start: 0, end: bytes.length });
  return work;
}

/**
 * A checked Export<Signal>ServiceRequest with only the items of `range` (spans, log records, metric data points),
 * byte for byte as they were, in the resources, scopes and metrics they came in. What holds no item is left out.
 */
export function keepItems(signal: Signal, bytes: Uint8Array, range: ItemRange): Uint8Array {
  const { cuts } = selectItems(signal, bytes, range);
  return cuts.length === 0 ? bytes : splice(bytes, cuts);
}
