import type { SettledCounts } from '#core/progress.ts';
import { emptyCounts } from './counts.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import type { Destination } from './destination.ts';
import { type Ledger, moveReplayed } from './ledger.ts';
import { progressOf } from './ledger-progress.ts';
import type { Observe } from './observer.ts';
import type { Job } from './sender.ts';
import type { Settle } from './settler.ts';
import type { Timing } from './timing.ts';
import type { Unit } from './unit.ts';

export interface ReplayerDeps {
  destination: Pick<Destination, 'confirms'>;
  ledger: Ledger;
  deadLetters: DeadLetters;
  replayIntervalMs: number;
  timing: Timing;
  observe: Observe;
  stopping: AbortSignal;
  settle: Settle;
  /** What has moved in the account. */
  onSettled(counts: SettledCounts, saved: null): void;
}

const AT_ONCE = 100;

/** Looks for marked dead letters now and then, and sends them one after the other, until it is stopped. */
export async function runReplayer(deps: ReplayerDeps): Promise<void> {
  // Apart from each other, as one that is sent may take as long as its destination is away.
  await Promise.all([repeat(deps, () => deps.deadLetters.watch()), repeat(deps, () => replayMarked(deps))]);
}

async function repeat(deps: ReplayerDeps, work: () => Promise<void>): Promise<void> {
  while (!deps.stopping.aborted) {
    await work().catch((error: unknown) => deps.observe({ kind: 'fault', error }));
    await deps.timing.sleep(deps.replayIntervalMs, deps.stopping);
  }
}

async function replayMarked(deps: ReplayerDeps): Promise<void> {
  const names = await deps.deadLetters.marked(AT_ONCE);
  // One after the other would wait for each confirmation.
  if (deps.destination.confirms === true) await Promise.all(names.map((name) => replay(name, deps)));
  else for (const name of names) await replay(name, deps);
}

function unitOf(name: string, letter: DeadLetter, deadLetters: DeadLetters): Unit {
  return {
    info: letter.info,
    firstItem: letter.firstItem,
    tally: emptyCounts(),
    isDecided: false,
    isGone: () => false,
    load: async () => (await deadLetters.load(name)) ?? 'expired',
  };
}

async function replay(name: string, deps: ReplayerDeps): Promise<void> {
  if (deps.stopping.aborted) return;
  const letter = await deps.deadLetters.read(name);
  if (letter === null) {
    await deps.deadLetters.setAside(name);
    deps.observe({ kind: 'fault', error: new Error(`dead letter ${name} cannot be read; it was renamed`) });
    return;
  }
  const unit = unitOf(name, letter, deps.deadLetters);
  const { tenant } = letter.info;
  const job: Job = {
    tenant,
    isReplay: true,
    progressAfter: () => progressOf(deps.ledger),
    onDecided: () => undefined,
    onRetrying: () => undefined,
    run: (work) => work(),
    onConfirming: () => undefined,
  };
  if (!(await deps.settle({ units: [unit], range: null }, job))) return;
  // Removed before it is counted: a crash between the two leaves it among the dead letters in the account only.
  await deps.deadLetters.finish(name);
  deps.onSettled(moveReplayed(deps.ledger, unit.tally), null);
  const { delivered, deadLettered, refused } = unit.tally;
  deps.observe({ kind: 'replayed', tenant, name, delivered, refusedAgain: deadLettered + refused });
}
