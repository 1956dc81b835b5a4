import type { SenderCount } from '#self/sender-metrics.ts';
import { dayOf, noTally, noUsage, REFUSALS, type RefusalReason, type SenderUsage } from './usage.ts';

/** What every key was used for; '' stands for requests without a good key. */
export interface UsageLedger {
  admitted(id: string): void;
  accepted(id: string, brought: { items: number; bytes: number }): void;
  refused(id: string, reason: RefusalReason): void;
  /** Items accepted since midnight UTC. */
  itemsToday(id: string): number;
  /** As of now, by id. */
  all(): ReadonlyMap<string, SenderUsage>;
  /** Requests since the start of the process, without those that are none. */
  counts(): Omit<SenderCount, 'tenant'>[];
  /** Forgets all keys but those that `isKept`. */
  prune(isKept: (id: string) => boolean): void;
  /** True once after something was counted. */
  takeChanged(): boolean;
}

/** `before`: what was known when the process started. */
export function createUsageLedger(
  before: ReadonlyMap<string, SenderUsage>,
  wallMs: () => number,
): UsageLedger {
  const usage = new Map([...before].map(([id, one]) => [id, structuredClone(one)]));
  let isChanged = false;

  function of(id: string): SenderUsage {
    const day = dayOf(wallMs());
    let found = usage.get(id);
    if (found === undefined) {
      found = noUsage(day);
      usage.set(id, found);
    }
    // A clock that is set back over midnight does not begin the day anew; one that was wrong by more must not keep the
    // limits of a day that is far away.
    if (found.day < day || found.day > day + 1) Object.assign(found, { day, today: noTally() });
    return found;
  }

  return {
    admitted(id) {
      of(id).lastUsedUnixMs = wallMs();
      isChanged = true;
    },
    accepted(id, { bytes, items }) {
      const { today, total } = of(id);
      for (const tally of [today, total]) {
        tally.requests++;
        tally.items += items;
        tally.bytes += bytes;
      }
      isChanged = true;
    },
    refused(id, reason) {
      const { today, total } = of(id);
      today.refused[reason]++;
      total.refused[reason]++;
      isChanged = true;
    },
    itemsToday: (id) => of(id).today.items,
    all() {
      for (const id of usage.keys()) of(id);
      return usage;
    },
    counts: () => [...usage].flatMap(([id, { total }]) => countsOf(id, total, before.get(id)?.total)),
    prune(isKept) {
      for (const id of usage.keys()) if (id !== '' && !isKept(id)) usage.delete(id);
    },
    takeChanged() {
      const was = isChanged;
      isChanged = false;
      return was;
    },
  };
}

function countsOf(key: string, total: SenderUsage['total'], before: SenderUsage['total'] = noTally()) {
  return [
    { key, outcome: 'accepted', count: total.requests - before.requests },
    ...REFUSALS.map((outcome) => ({
      key,
      outcome,
      count: total.refused[outcome] - before.refused[outcome],
    })),
  ].filter(({ count }) => count > 0);
}
