import type { GapReason, Position, RecordRef, RecordSource } from '#core/record.ts';
import { addCounts, emptyCounts } from './counts.ts';
import type { Lag } from './lag.ts';
import type { Unit } from './unit.ts';

/** A record on its way, in the order of its lane. */
export interface Entry extends Unit {
  /** The sequence behind it, and where it stands. */
  readonly next: number;
  readonly position: Position;
  readonly queuedAtMs: number;
}

/** The records of one tenant between the scanner and the end that they find. */
export interface Lane {
  readonly tenant: string;
  /** Not settled, or settled behind one that is not; oldest first. */
  readonly entries: Entry[];
  /** Items of `entries`. */
  items: number;
  /** Entries that no group has taken, by encoding if the destination wants it so. */
  readonly queues: Map<string, Entry[]>;
  /** Groups under way, and how many of them wait before another attempt. */
  active: number;
  retrying: number;
  /** Everything of this tenant before it is settled. */
  settledNext: number;
  /** Set while the scanner for all passes this lane by. */
  lag: Lag | null;
}

export function createLane(tenant: string, settledNext = 0): Lane {
  return {
    tenant,
    entries: [],
    items: 0,
    queues: new Map(),
    active: 0,
    retrying: 0,
    settledNext,
    lag: null,
  };
}

/** An entry for a record that is to be sent. */
export function entryOf(ref: RecordRef, source: RecordSource, queuedAtMs: number): Entry {
  return {
    info: ref,
    firstItem: 0,
    tally: emptyCounts(),
    isDecided: false,
    isGone: () => ref.sequence < source.oldest().sequence,
    load: () => source.load(ref),
    next: ref.sequence + 1,
    position: { sequence: ref.sequence, itemsBefore: ref.itemsBefore },
    queuedAtMs,
  };
}

/** Appends a record to the lane and to the queue `key`. */
export function enqueue(lane: Lane, entry: Entry, key: string): void {
  lane.entries.push(entry);
  lane.items += entry.info.items;
  const queue = lane.queues.get(key);
  if (queue === undefined) lane.queues.set(key, [entry]);
  else queue.push(entry);
}

/** Appends items that were lost before they could be read, so that they are counted in their turn. */
export function enqueueLost(
  lane: Lane,
  lost: { items: number; reason: GapReason; next: number; at: Position },
) {
  const info = { items: lost.items, receivedUnixNano: 0n } as RecordRef;
  const tally = emptyCounts();
  addCounts(tally, { [lost.reason]: lost.items });
  lane.entries.push({
    info,
    firstItem: 0,
    tally,
    isDecided: true,
    isGone: () => true,
    load: async () => lost.reason,
    next: lost.next,
    position: lost.at,
    queuedAtMs: 0,
  });
  lane.items += lost.items;
}
