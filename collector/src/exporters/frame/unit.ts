import type { SettledCounts } from '#core/progress.ts';
import type { GapReason, RecordInfo } from '#core/record.ts';
import type { ItemRange } from '#otlp/split.ts';
import { addCounts, totalOf } from './counts.ts';

/** What is settled as one: a record of the journal, or a dead letter that is sent again. */
export interface Unit {
  readonly info: RecordInfo;
  /** Items before its own in the record that it was cut from; 0 for a whole record. */
  readonly firstItem: number;
  /** What became of its items so far. */
  readonly tally: SettledCounts;
  /** All its items are in `tally`. */
  isDecided: boolean;
  /** A cap of the journal has removed it. */
  isGone(): boolean;
  load(): Promise<Uint8Array | GapReason>;
}

/** What one request is made of: whole units, or some items of a single one. */
export interface Part {
  readonly units: readonly Unit[];
  readonly range: ItemRange | null;
}

/** Adds to what became of a unit's items. */
export function decide(unit: Unit, counts: Partial<SettledCounts>): void {
  addCounts(unit.tally, counts);
  unit.isDecided = totalOf(unit.tally) >= unit.info.items;
}

/** Items that a part has of one of its units. */
export function itemsOf(unit: Unit, range: ItemRange | null): number {
  return range === null ? unit.info.items : range.to - range.from;
}

export function itemsIn(part: Part): number {
  return part.units.reduce((sum, unit) => sum + itemsOf(unit, part.range), 0);
}

/** The two halves of a part, in order; null when it is a single item. */
export function halvesOf({ units, range }: Part): [Part, Part] | null {
  if (units.length > 1) {
    const half = units.length >> 1;
    return [
      { units: units.slice(0, half), range: null },
      { units: units.slice(half), range: null },
    ];
  }
  const { from, to } = range ?? { from: 0, to: units[0]!.info.items };
  if (to - from < 2) return null;
  const half = from + ((to - from) >> 1);
  return [
    { units, range: { from, to: half } },
    { units, range: { from: half, to } },
  ];
}
