import type { Progress, ProgressKeeper } from '#core/progress.ts';
import type { Ledger } from './ledger.ts';
import { forgetIdleLanes, progressOf } from './ledger-progress.ts';
import type { Observe } from './observer.ts';
import { createSaver } from './saver.ts';
import type { Slots } from './slots.ts';
import type { Timing } from './timing.ts';

export interface SavingDeps {
  ledger: Ledger;
  keeper: ProgressKeeper;
  /** Set for a transactional destination: saving must not overtake a batch that carries progress itself. */
  turns: Slots | null;
  /** Groups that may be settled and not saved: what a crash sends again beside those in flight. */
  maxUnsaved: number;
  timing: Timing;
  observe: Observe;
  onSaved(sequence: number): void;
}

/** Keeps on disk what the ledger knows. */
export interface Saving {
  /** Something was settled; `saved` when the destination has it already. */
  settled(saved: Progress | null): void;
  /** False while saving lags behind; a disk that fails holds nobody up. */
  hasRoom(): boolean;
  consumed(): number;
  /** Saves a last time. */
  stop(): Promise<void>;
}

export function createSaving({ ledger, keeper, turns, maxUnsaved, ...deps }: SavingDeps): Saving {
  let unsaved = 0;
  let savedSequence = progressOf(ledger).sequence;

  function saved(progress: Progress): void {
    savedSequence = Math.max(savedSequence, progress.sequence);
    forgetIdleLanes(ledger, progress.sequence);
    deps.onSaved(savedSequence);
  }

  async function save(): Promise<void> {
    const covered = unsaved;
    const progress = progressOf(ledger);
    await keeper.save(progress);
    unsaved -= covered;
    saved(progress);
  }

  const saver = createSaver({
    save: () => (turns === null ? save() : turns.run(save)),
    timing: deps.timing,
    onFailure: (error) =>
      deps.observe({ kind: 'disk_failed', what: 'progress', reason: (error as Error).message }),
  });

  return {
    settled(progress) {
      if (progress !== null) return saved(progress);
      unsaved++;
      saver.request();
    },
    hasRoom: () => unsaved < maxUnsaved || !saver.isKeepingUp,
    consumed: () => savedSequence,
    async stop() {
      saver.request();
      await saver.stop();
    },
  };
}
