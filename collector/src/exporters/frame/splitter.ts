import { type BackOffConfig, delayMs } from './back-off.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Destination } from './destination.ts';
import type { Ledger } from './ledger.ts';
import { identityOf, pieceOf } from './load-part.ts';
import type { Observe } from './observer.ts';
import type { Job, Sender, Verdict } from './sender.ts';
import type { Slots } from './slots.ts';
import type { Status } from './status.ts';
import type { Timing } from './timing.ts';
import { decide, halvesOf, itemsIn, itemsOf, type Part, type Unit } from './unit.ts';

export interface SplitterDeps {
  destination: Pick<Destination, 'confirms'>;
  ledger: Ledger;
  sender: Sender;
  deadLetters: DeadLetters;
  /** Most requests to find the items at fault in one batch; what is undecided then is kept aside whole. */
  maxSplitRequests: number;
  backOff: BackOffConfig;
  slots: Slots;
  status: Status;
  timing: Timing;
  observe: Observe;
  stopping: AbortSignal;
}

type Fault = Pick<Extract<Verdict, { kind: 'at_fault' }>, 'reason' | 'isWhole'>;

interface Search {
  job: Job;
  requests: number;
  deadLettered: number;
}

/**
 * Takes a refused part apart, half by half: what passes is delivered, and what is refused alone goes to the
 * dead letters. Answers false when it was stopped; what is undecided then stays in the journal.
 */
export function createSplitter(deps: SplitterDeps): (part: Part, job: Job, fault: Fault) => Promise<boolean> {
  const { sender, status, observe, maxSplitRequests } = deps;

  async function isolate(search: Search, part: Part, { isWhole, reason }: Fault): Promise<boolean> {
    const units = part.units.filter(({ isDecided }) => !isDecided);
    if (units.length === 0) return true;
    const halves = halvesOf({ ...part, units });
    if (isWhole || halves === null || search.requests >= maxSplitRequests)
      return bury(search, { ...part, units }, reason);
    if (deps.destination.confirms === true) return tryBoth(search, halves, reason);
    for (const half of halves) if (!(await tryHalf(search, half, reason))) return false;
    return true;
  }

  /** At the same time: one after the other would wait for each confirmation. */
  async function tryBoth(search: Search, halves: readonly Part[], reason: string): Promise<boolean> {
    const ends = await Promise.all(halves.map((half) => tryHalf(search, half, reason)));
    return ends.every((isDone) => isDone);
  }

  async function tryHalf(search: Search, half: Part, reason: string): Promise<boolean> {
    if (search.requests >= maxSplitRequests) return bury(search, half, reason);
    search.requests++;
    const verdict: Verdict = await sender.send(half, search.job);
    if (verdict.kind === 'at_fault') return isolate(search, half, verdict);
    return verdict.kind === 'done';
  }

  async function bury(search: Search, part: Part, reason: string): Promise<boolean> {
    for (const unit of part.units) {
      if (!(await keepAside(search, { unit, part, reason }))) return false;
      search.job.onDecided(null);
    }
    return true;
  }

  /** Until it is on disk, however long that takes. */
  async function keepAside(search: Search, what: Buried): Promise<boolean> {
    for (let failures = 1; !deps.stopping.aborted; failures++) {
      try {
        search.deadLettered += await deps.slots.run(() => write(what));
        return true;
      } catch (error) {
        observe({ kind: 'disk_failed', what: 'dead_letter', reason: (error as Error).message });
        const random = deps.timing.random();
        await deps.timing.sleep(delayMs(deps.backOff, failures, { afterMs: null, random }), deps.stopping);
      }
    }
    return false;
  }

  /** Answers how many items went to the dead letters. */
  async function write({ unit, part: { range }, reason }: Buried): Promise<number> {
    const items = itemsOf(unit, range);
    const payload = unit.isGone() ? 'expired' : await unit.load();
    const bytes =
      typeof payload === 'string'
        ? payload
        : await identityOf(unit.info, payload).catch(() => 'damaged' as const);
    if (typeof bytes === 'string') {
      decide(unit, { [bytes]: items });
      return 0;
    }
    const { info, payload: kept } = pieceOf(unit.info, bytes, range);
    const firstItem = unit.firstItem + (range?.from ?? 0);
    const { journalId } = deps.ledger.source;
    const evicted = await deps.deadLetters.put({ journalId, info, firstItem, reason }, kept);
    if (evicted.letters > 0) observe({ kind: 'dead_letters_evicted', ...evicted });
    decide(unit, { deadLettered: items });
    return items;
  }

  return async (part, job, fault) => {
    const { reason } = fault;
    const search: Search = { job, requests: 0, deadLettered: 0 };
    const items = itemsIn(part);
    status.splitting++;
    try {
      return await isolate(search, part, fault);
    } finally {
      status.splitting--;
      const { requests, deadLettered } = search;
      observe({ kind: 'split', tenant: job.tenant, reason, requests, items, deadLettered });
    }
  };
}

interface Buried {
  unit: Unit;
  part: Part;
  reason: string;
}
