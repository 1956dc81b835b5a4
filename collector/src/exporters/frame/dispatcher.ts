import type { Progress, SettledCounts } from '#core/progress.ts';
import type { RecordRef } from '#core/record.ts';
import { createAlarm } from './alarm.ts';
import { catchUp } from './catch-up.ts';
import { dueAtMs, type GroupLimits, takeGroup } from './groups.ts';
import type { Entry, Lane } from './lane.ts';
import { isFull, type Ledger, settleLane } from './ledger.ts';
import { progressOf } from './ledger-progress.ts';
import type { Observe } from './observer.ts';
import type { Job } from './sender.ts';
import type { Settle } from './settler.ts';
import { createSlots, type Slots } from './slots.ts';
import type { Timing } from './timing.ts';

export interface DispatcherDeps {
  ledger: Ledger;
  limits: GroupLimits;
  /** Groups of one lane under way at the same time. */
  maxPerLane: number;
  /** Whether one more group may begin. */
  hasRoom(): boolean;
  keyOf(ref: RecordRef): string;
  settle: Settle;
  /** Items are counted; `saved` when the destination saved that already. */
  onSettled(counts: SettledCounts, saved: Progress | null): void;
  /** A lane has more room, or waits for another attempt. */
  onChange(): void;
  timing: Timing;
  observe: Observe;
  stopping: AbortSignal;
  /** Keeps a task in mind that stopping has to wait for. */
  track(task: Promise<void>): void;
}

/** Begins whatever can begin; to be called after anything that may allow more. */
export type Pump = () => void;

const AGAIN_MS = 1000;

export function createDispatcher(deps: DispatcherDeps): Pump {
  const { ledger, limits, timing, stopping, observe } = deps;
  const slotsOf = createLaneSlots(deps.maxPerLane);
  let turn = 0;
  const setAlarm = createAlarm(pump, deps);

  function jobOf(lane: Lane): Job {
    return {
      tenant: lane.tenant,
      isReplay: false,
      progressAfter: (units) => progressOf(ledger, new Set(units)),
      onDecided(saved) {
        const counts = settleLane(ledger, lane);
        if (counts !== null) deps.onSettled(counts, saved);
      },
      onRetrying(isRetrying) {
        lane.retrying += isRetrying ? 1 : -1;
        if (isRetrying) deps.onChange();
      },
      run: (work) => slotsOf(lane).run(work),
      onConfirming(isConfirming) {
        lane.active += isConfirming ? -1 : 1;
        if (isConfirming) pump();
      },
    };
  }

  async function deliver(lane: Lane, entries: Entry[]): Promise<void> {
    lane.active++;
    while (!(await attempt(lane, entries)) && !stopping.aborted) await timing.sleep(AGAIN_MS, stopping);
    lane.active--;
    deps.onChange();
    pump();
  }

  async function attempt(lane: Lane, entries: Entry[]): Promise<boolean> {
    try {
      return await deps.settle({ units: entries, range: null }, jobOf(lane));
    } catch (error) {
      observe({ kind: 'fault', error });
      return false;
    }
  }

  async function refill(lane: Lane): Promise<void> {
    const hasRead = await catchUp(lane, deps).catch((error: unknown) => {
      observe({ kind: 'fault', error });
      return false;
    });
    const counts = settleLane(ledger, lane);
    if (counts !== null) deps.onSettled(counts, null);
    if (!hasRead) await timing.sleep(AGAIN_MS, stopping);
    pump();
  }

  function serve(lane: Lane, nowMs: number): boolean {
    const { lag } = lane;
    const hasSpace = lane.entries.length * 2 <= ledger.limits.maxLaneRefs && !isFull(ledger, lane);
    if (lag !== null && !lag.isReading && hasSpace) deps.track(refill(lane));
    if (lane.active >= deps.maxPerLane || !deps.hasRoom()) return false;
    const group = takeGroup(lane, limits, { nowMs, isFull: isFull(ledger, lane) });
    if (group === null) return false;
    deps.track(deliver(lane, group));
    return true;
  }

  function pump(): void {
    if (stopping.aborted) return;
    const lanes = [...ledger.lanes.values()];
    turn++;
    let hasBegun: boolean;
    let nowMs: number;
    do {
      hasBegun = false;
      nowMs = timing.now();
      for (let at = 0; at < lanes.length; at++)
        if (serve(lanes[(at + turn) % lanes.length]!, nowMs)) hasBegun = true;
    } while (hasBegun);
    setAlarm(nextDueMs(lanes, deps), nowMs);
  }

  return pump;
}

/** What is sent again may be more than one lane may begin: it takes turns too. */
function createLaneSlots(maxPerLane: number): (lane: Lane) => Slots {
  const slots = new WeakMap<Lane, Slots>();
  return (lane) => {
    const known = slots.get(lane);
    if (known !== undefined) return known;
    const made = createSlots(maxPerLane, () => undefined);
    slots.set(lane, made);
    return made;
  };
}

/** When the next group of a lane that may begin one has waited long enough. */
function nextDueMs(lanes: readonly Lane[], { limits, maxPerLane }: DispatcherDeps): number {
  const free = lanes.filter(({ active }) => active < maxPerLane);
  return Math.min(...free.map((lane) => dueAtMs(lane, limits.lingerMs)));
}
