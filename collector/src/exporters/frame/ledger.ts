import type { Progress, SettledCounts } from '#core/progress.ts';
import type { Position, RecordRef, RecordSource, SourceEvent } from '#core/record.ts';
import { addCounts, emptyCounts, totalOf } from './counts.ts';
import { beginLag, passBy } from './lag.ts';
import { createLane, enqueue, entryOf, type Lane } from './lane.ts';

export interface LedgerLimits {
  /** Records that a lane holds, records that all lanes hold, and those that every lane may hold all the same. */
  maxLaneRefs: number;
  maxRefs: number;
  minLaneRefs: number;
}

/** Where every record is that one destination has not settled, and what became of the others. */
export interface Ledger {
  readonly source: RecordSource;
  readonly limits: LedgerLimits;
  readonly startItems: number;
  readonly counts: SettledCounts;
  readonly lanes: Map<string, Lane>;
  /** Where the scanner for all is. */
  main: Position;
  /** Items from there on that were settled before the start. */
  ahead: number;
  /** Behind the last record that such an item can be in. */
  readonly aheadUntil: number;
  /** Items in holes of which some may have been settled before; known once `main` is at `aheadUntil`. */
  readonly openGaps: { expired: number; damaged: number };
  gapStart: Position | null;
  /** Records that all lanes hold. */
  heldRefs: number;
}

export interface HowToHold {
  key: string;
  nowMs: number;
}

type Gap = Extract<SourceEvent, { kind: 'gap' }>;

/** Continues where `saved` ends if it belongs to this journal, else begins at the oldest record. */
export function openLedger(source: RecordSource, saved: Progress | null, limits: LedgerLimits): Ledger {
  const from = saved ?? source.oldest();
  const tenants = Object.entries(saved?.tenants ?? {});
  return {
    source,
    limits,
    startItems: saved?.startItems ?? from.itemsBefore,
    counts: { ...(saved?.counts ?? emptyCounts()) },
    lanes: new Map(tenants.map(([tenant, next]) => [tenant, createLane(tenant, next)])),
    main: { sequence: from.sequence, itemsBefore: from.itemsBefore },
    ahead: saved?.aheadItems ?? 0,
    aheadUntil: Math.max(0, ...tenants.map(([, next]) => next)),
    openGaps: { expired: 0, damaged: 0 },
    gapStart: null,
    heldRefs: 0,
  };
}

/** Whether a lane takes no more records for now. */
export function isFull({ heldRefs, limits }: Ledger, lane: Lane): boolean {
  const held = lane.entries.length;
  return held >= limits.maxLaneRefs || (heldRefs >= limits.maxRefs && held >= limits.minLaneRefs);
}

/** Puts a record where it will be sent from: the queue `key` of its lane. */
export function hold(ledger: Ledger, lane: Lane, { ref, key, nowMs }: { ref: RecordRef } & HowToHold): void {
  enqueue(lane, entryOf(ref, ledger.source, nowMs), key);
  ledger.heldRefs++;
}

/** Gives what the scanner for all read to its lane. */
export function dispatch(ledger: Ledger, ref: RecordRef, how: HowToHold): void {
  let lane = ledger.lanes.get(ref.tenant);
  if (lane === undefined) {
    lane = createLane(ref.tenant);
    ledger.lanes.set(ref.tenant, lane);
  }
  if (ref.sequence < lane.settledNext) ledger.ahead -= ref.items;
  else {
    if (lane.lag === null && isFull(ledger, lane)) lane.lag = beginLag(ref);
    if (lane.lag !== null) passBy(lane.lag, ref);
    else hold(ledger, lane, { ref, ...how });
  }
  ledger.main = { sequence: ref.sequence + 1, itemsBefore: ref.itemsBefore + ref.items };
}

/** The scanner for all came to a hole. */
export function passGap(ledger: Ledger, gap: Gap): void {
  ledger.gapStart ??= ledger.main;
  ledger.openGaps[gap.reason] += gap.items;
  ledger.main = { sequence: gap.next, itemsBefore: gap.itemsBefore };
}

/** Counts what holes took, without what had been settled before; null when there is nothing new. */
export function closeGaps(ledger: Ledger): SettledCounts | null {
  const { openGaps } = ledger;
  if (ledger.gapStart === null || ledger.main.sequence < ledger.aheadUntil) return null;
  const lost = emptyCounts();
  for (const reason of ['expired', 'damaged'] as const) {
    const known = Math.min(ledger.ahead, openGaps[reason]);
    ledger.ahead -= known;
    lost[reason] = openGaps[reason] - known;
    openGaps[reason] = 0;
  }
  ledger.gapStart = null;
  addCounts(ledger.counts, lost);
  return lost;
}

/** Counts what is decided at the lane's front; null when that is nothing. */
export function settleLane(ledger: Ledger, lane: Lane): SettledCounts | null {
  const settled = emptyCounts();
  let at = 0;
  for (; lane.entries[at]?.isDecided; at++) {
    const entry = lane.entries[at]!;
    addCounts(settled, entry.tally);
    lane.items -= entry.info.items;
    lane.settledNext = Math.max(lane.settledNext, entry.next);
  }
  if (at === 0) return null;
  ledger.heldRefs -= at;
  lane.entries.splice(0, at);
  addCounts(ledger.counts, settled);
  return settled;
}

/** Items that are not settled, counted where they are: not yet read, in holes not yet judged, or in the lanes. */
export function waitingItems({ source, main, ahead, openGaps, lanes }: Ledger): number {
  let sum = source.tail().itemsBefore - main.itemsBefore - ahead + openGaps.expired + openGaps.damaged;
  for (const lane of lanes.values()) sum += lane.items + (lane.lag?.items ?? 0);
  return sum;
}

export function acceptedItems({ source, startItems }: Ledger): number {
  return source.tail().itemsBefore - startItems;
}

/** When the oldest record that waits was received, if that is known already. */
export function oldestWaitingUnixMs({ lanes }: Ledger): number | null {
  let oldest: bigint | null = null;
  for (const { entries, lag } of lanes.values()) {
    const received =
      entries.find(({ isDecided }) => !isDecided)?.info.receivedUnixNano ?? lag?.receivedUnixNano;
    if (received !== undefined && (oldest === null || received < oldest)) oldest = received;
  }
  return oldest === null ? null : Number(oldest / 1_000_000n);
}

/** A dead letter was delivered after all. Bounded by what this account counts, which may be younger than the letter. */
export function moveReplayed(ledger: Ledger, tally: SettledCounts): SettledCounts {
  const moved = { ...emptyCounts(), delivered: tally.delivered, refused: tally.refused };
  const over = totalOf(moved) - ledger.counts.deadLettered;
  if (over > 0) {
    moved.refused = Math.max(0, moved.refused - over);
    moved.delivered = Math.min(moved.delivered, ledger.counts.deadLettered);
  }
  moved.deadLettered = -(moved.delivered + moved.refused);
  addCounts(ledger.counts, moved);
  return moved;
}
