import type { Progress, SettledCounts } from '#core/progress.ts';
import type { Position } from '#core/record.ts';
import { addCounts, emptyCounts } from './counts.ts';
import type { Lane } from './lane.ts';
import { type Ledger, waitingItems } from './ledger.ts';
import type { Unit } from './unit.ts';

interface LaneEnd {
  settledNext: number;
  /** The first record that is not settled. */
  first: Position | null;
  items: number;
  counts: SettledCounts;
}

/** How a lane would stand if `assumed` were delivered, in so far as nothing before it is open. */
function endOf(lane: Lane, assumed: ReadonlySet<Unit>): LaneEnd {
  const end: LaneEnd = { settledNext: lane.settledNext, first: null, items: 0, counts: emptyCounts() };
  let at = 0;
  for (; at < lane.entries.length; at++) {
    const entry = lane.entries[at]!;
    if (!entry.isDecided && !assumed.has(entry)) break;
    addCounts(end.counts, entry.isDecided ? entry.tally : { delivered: entry.info.items });
    end.items += entry.info.items;
    end.settledNext = Math.max(end.settledNext, entry.next);
  }
  end.first = lane.entries[at]?.position ?? lane.lag?.position ?? null;
  return end;
}

const NONE: ReadonlySet<Unit> = new Set();

/** What is to be saved now, or what would be once `assumed` were delivered. */
export function progressOf(ledger: Ledger, assumed: ReadonlySet<Unit> = NONE): Progress {
  const counts = { ...ledger.counts };
  const ends = new Map<string, LaneEnd>();
  let low = ledger.gapStart ?? ledger.main;
  let waiting = waitingItems(ledger);
  for (const lane of ledger.lanes.values()) {
    const end = endOf(lane, assumed);
    ends.set(lane.tenant, end);
    addCounts(counts, end.counts);
    waiting -= end.items;
    if (end.first !== null && end.first.sequence < low.sequence) low = end.first;
  }
  const further = [...ends].filter(([, end]) => end.settledNext > low.sequence);
  return {
    journalId: ledger.source.journalId,
    sequence: low.sequence,
    itemsBefore: low.itemsBefore,
    startItems: ledger.startItems,
    counts,
    tenants: Object.fromEntries(further.map(([tenant, end]) => [tenant, end.settledNext])),
    aheadItems: ledger.source.tail().itemsBefore - low.itemsBefore - waiting,
  };
}

/** Forgets lanes that have nothing to say any more: all they had is before everything that waits. */
export function forgetIdleLanes(ledger: Ledger, low: number): void {
  for (const [tenant, lane] of ledger.lanes) {
    const isIdle = lane.entries.length === 0 && lane.lag === null && lane.active === 0;
    if (isIdle && lane.settledNext <= low) ledger.lanes.delete(tenant);
  }
}
