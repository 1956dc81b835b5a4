import type { DestinationAccount } from '#core/accounting.ts';
import { NOTHING_SETTLED, type Progress, type ProgressKeeper } from '#core/progress.ts';
import type { RecordSource } from '#core/record.ts';
import type { FrameConfig } from './config.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import type { Destination } from './destination.ts';
import { acceptedItems, oldestWaitingUnixMs, openLedger, waitingItems } from './ledger.ts';
import type { ExporterObserver, Observe } from './observer.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { createStatus, showStatus } from './status.ts';
import { systemTiming, type Timing } from './timing.ts';
import { DEFAULT_TUNING, type Tuning } from './tuning.ts';

export interface ConsumerDeps {
  destination: Destination;
  source: RecordSource;
  keeper: ProgressKeeper;
  deadLetters: DeadLetters;
  observer: ExporterObserver;
  /** Called with each new `consumed()`. */
  onConsumed?(sequence: number): void;
  timing?: Timing;
  tuning?: Partial<Tuning>;
}

/** Brings one signal's journal to one destination. */
export interface Consumer {
  start(): Promise<void>;
  /** Ends requests under way within the grace time and saves how far it is; the rest stays in the journal. */
  stop(): Promise<void>;
  account(): DestinationAccount;
  /** The lowest sequence that it still needs, also after a crash; 0 before the start. */
  consumed(): number;
}

export function createConsumer(config: FrameConfig, deps: ConsumerDeps): Consumer {
  const { destination, source } = deps;
  const of = { destination: destination.name, signal: source.signal };
  const observe: Observe = (event) => deps.observer(of, event);
  const status = createStatus();
  const tuning = { ...DEFAULT_TUNING, ...deps.tuning };
  let pipeline: Pipeline | null = null;
  let starting: Promise<void> | null = null;
  let stopping: Promise<void> | null = null;

  async function begin(): Promise<void> {
    const saved = usable(await deps.keeper.load(), source, observe);
    const ledger = openLedger(source, saved, tuning);
    const sequence = Math.max(saved?.sequence ?? 0, source.oldest().sequence);
    const isCounted = ({ info }: DeadLetter) => info.sequence < (saved?.tenants[info.tenant] ?? 0);
    await deps.deadLetters
      .dropUncounted({ journalId: source.journalId, sequence }, isCounted)
      .catch((error: unknown) => observe({ kind: 'fault', error }));
    if (stopping !== null) return;
    const timing = deps.timing ?? systemTiming;
    pipeline = createPipeline({ ...deps, config, tuning, timing, ledger, status, observe });
    pipeline.start();
  }

  return {
    start: () => (starting ??= begin()),
    stop: () => {
      stopping ??= (async () => {
        await starting?.catch(() => undefined);
        await pipeline?.stop();
      })();
      return stopping;
    },
    account() {
      const shown = { ...of, ...showStatus(status) };
      if (pipeline === null)
        return { ...shown, ...NOTHING_SETTLED, accepted: 0, waiting: 0, oldestWaitingUnixMs: null };
      const { ledger } = pipeline;
      return {
        ...shown,
        ...ledger.counts,
        accepted: acceptedItems(ledger),
        waiting: waitingItems(ledger),
        oldestWaitingUnixMs: oldestWaitingUnixMs(ledger),
      };
    },
    consumed: () => pipeline?.consumed() ?? 0,
  };
}

/** Progress that means something in this journal, else null. */
function usable(saved: Progress | null, source: RecordSource, observe: Observe): Progress | null {
  if (saved?.journalId === source.journalId && saved.sequence <= source.tail().sequence) return saved;
  const reason =
    saved === null
      ? null
      : saved.journalId === source.journalId
        ? 'the journal ends before the place that was reached'
        : 'the journal is another one';
  observe({ kind: 'began', reason });
  return null;
}
