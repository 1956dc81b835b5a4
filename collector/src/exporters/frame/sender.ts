import type { Progress } from '#core/progress.ts';
import { createAttempt, type Taken } from './attempt.ts';
import { type BackOffConfig, delayMs } from './back-off.ts';
import { createConfirming } from './confirming.ts';
import type { Destination, SendOutcome } from './destination.ts';
import type { Observe } from './observer.ts';
import type { Slots } from './slots.ts';
import type { Status } from './status.ts';
import type { Timing } from './timing.ts';
import { halvesOf, type Part, type Unit } from './unit.ts';

/** For whom a part is sent. */
export interface Job {
  readonly tenant: string;
  readonly isReplay: boolean;
  /** What holds when these are delivered, for a transactional destination. */
  progressAfter(units: readonly Unit[]): Progress;
  /** The tallies of units have grown; `saved` when the destination saved that already. */
  onDecided(saved: Progress | null): void;
  /** Another attempt is waited for, or not any more. */
  onRetrying(isRetrying: boolean): void;
  /** Runs one request when it is this job's turn among those of its tenant. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** What was taken is waited for to be written, or not any more: others may be sent meanwhile. */
  onConfirming(isConfirming: boolean): void;
}

/** `done`: every unit is decided. `at_fault`: refused for good, nothing is decided. `stopped`: neither. */
export type Verdict =
  | { kind: 'done' }
  | { kind: 'stopped' }
  | { kind: 'at_fault'; reason: string; isWhole: boolean };

export interface SenderDeps {
  destination: Destination;
  backOff: BackOffConfig;
  slots: Slots;
  status: Status;
  timing: Timing;
  observe: Observe;
  /** Aborted when no attempt may begin any more. */
  stopping: AbortSignal;
  /** Aborted when attempts under way are given up. */
  aborting: AbortSignal;
}

export interface Sender {
  /** Sends a part until it is known what becomes of it, however long the destination is away. */
  send(part: Part, job: Job): Promise<Verdict>;
}

const DONE: Verdict = { kind: 'done' };
const STOPPED: Verdict = { kind: 'stopped' };
const FORGOTTEN: SendOutcome = {
  kind: 'retry',
  reason: 'it went away before it had written what it took; that is sent again',
  afterMs: null,
  // It may be what the destination dies of.
  isUnanswered: true,
};
const BELIEVED_AFTER = 3;
const SUSPICIONS = 2;
// One item that fails while nothing else is seen to pass could as well be an outage that looks ready.
const UNPROVEN_FAILURES = 10;
const UNANSWERED_FAILURES = 4;
// The same without any answer, which outages look like much more often: about a quarter of an hour.
const UNPROVEN_UNANSWERED = 30;

type Trouble = Extract<SendOutcome, { reason: string }> & { isUnanswered?: boolean };

export function createSender(deps: SenderDeps): Sender {
  const { status, timing, observe, stopping } = deps;
  const confirming = createConfirming(stopping);
  const attempt = createAttempt(deps);

  /** Whether what was taken is counted now; not when it is lost, or nobody waits any more. */
  async function confirm(taken: Taken, job: Job): Promise<boolean> {
    job.onConfirming(true);
    const isWritten = await confirming.wait(taken.confirmation);
    job.onConfirming(false);
    if (isWritten) taken.conclude();
    return isWritten;
  }

  /** A destination that is there each time has not died: something between closes connections before the time is over. */
  function believe(taken: Taken, { tenant }: Job): Verdict {
    observe({ kind: 'unconfirmed', tenant });
    taken.conclude();
    return DONE;
  }

  async function waitAgain(job: Job, trouble: Trouble, failures: number): Promise<void> {
    const afterMs = trouble.kind === 'retry' ? trouble.afterMs : null;
    const ms = delayMs(deps.backOff, failures, { afterMs, random: timing.random() });
    const { tenant } = job;
    if (isPowerOfTwo(failures))
      observe({ kind: 'retrying', tenant, reason: trouble.reason, failures, delayMs: Math.round(ms) });
    const wait = { atMs: timing.now() + ms };
    status.attemptsAtMs.add(wait);
    job.onRetrying(true);
    await timing.sleep(ms, stopping);
    status.attemptsAtMs.delete(wait);
    job.onRetrying(false);
  }

  return {
    async send(part, job) {
      const deliveriesBefore = status.deliveries;
      let suspicions = 0;
      let forgotten = 0;
      for (let failures = 1; !stopping.aborted; failures++) {
        let outcome = await job.run(() => deps.slots.run(() => attempt(part, job)));
        if (outcome.kind === 'nothing') break;
        if ('conclude' in outcome && !(await confirm(outcome, job))) {
          if (stopping.aborted) break;
          forgotten = (await isReady(part, deps)) ? forgotten + 1 : 0;
          if (forgotten >= BELIEVED_AFTER) return believe(outcome, job);
          outcome = FORGOTTEN;
        }
        if (outcome.kind === 'delivered') {
          if (failures > 1) observe({ kind: 'recovered', tenant: job.tenant, failures: failures - 1 });
          return DONE;
        }
        status.lastError = outcome.reason;
        if (outcome.kind === 'refused') return atFault(outcome);
        if (stopping.aborted) break;
        if (isSuspect(outcome, failures) && (await isReady(part, deps))) suspicions++;
        const isProven = status.deliveries > deliveriesBefore || failures >= provenAfter(outcome);
        if (suspicions >= SUSPICIONS && (isProven || halvesOf(part) !== null)) return atFault(outcome);
        await waitAgain(job, outcome, failures);
      }
      return part.units.every(({ isDecided }) => isDecided) || !stopping.aborted ? DONE : STOPPED;
    },
  };
}

/**
 * A batch on which the destination breaks off again and again, and takes others meanwhile, may be what breaks it:
 * without an answer that is all there is to be seen.
 */
function isSuspect(outcome: Trouble, failures: number): boolean {
  return outcome.kind === 'suspect' || (outcome.isUnanswered === true && failures >= UNANSWERED_FAILURES);
}

async function isReady(part: Part, { destination, aborting }: SenderDeps): Promise<boolean> {
  try {
    return await destination.isReady(part.units[0]!.info.signal, aborting);
  } catch {
    return false;
  }
}

function provenAfter({ kind }: Trouble): number {
  return kind === 'suspect' ? UNPROVEN_FAILURES : UNPROVEN_UNANSWERED;
}

function atFault({ reason, ...outcome }: SendOutcome & { reason: string }): Verdict {
  return { kind: 'at_fault', reason, isWhole: 'isWhole' in outcome && outcome.isWhole === true };
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}
