import type { Progress, ProgressKeeper, SettledCounts } from '#core/progress.ts';
import type { RecordRef } from '#core/record.ts';
import type { FrameConfig } from './config.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Destination } from './destination.ts';
import { createDispatcher } from './dispatcher.ts';
import type { GroupLimits } from './groups.ts';
import type { Ledger } from './ledger.ts';
import type { Observe } from './observer.ts';
import { runReplayer } from './replayer.ts';
import { createSaving } from './saving.ts';
import { runScanLoop } from './scan-loop.ts';
import { createSettler } from './settler.ts';
import { createSlots } from './slots.ts';
import type { Status } from './status.ts';
import { createTasks } from './tasks.ts';
import type { Timing } from './timing.ts';
import type { Tuning } from './tuning.ts';
import { createWake } from './wake.ts';

export interface PipelineDeps {
  config: FrameConfig;
  tuning: Tuning;
  destination: Destination;
  keeper: ProgressKeeper;
  deadLetters: DeadLetters;
  ledger: Ledger;
  status: Status;
  timing: Timing;
  observe: Observe;
  onConsumed?(sequence: number): void;
}

/** What runs between start and stop. */
export interface Pipeline {
  readonly ledger: Ledger;
  start(): void;
  stop(): Promise<void>;
  consumed(): number;
}

function groupLimits(config: FrameConfig, tuning: Tuning): GroupLimits {
  return {
    maxBytes: config.max_batch_bytes,
    maxItems: config.max_batch_items,
    maxRecords: tuning.maxRecordsInBatch,
    lingerMs: config.flush_interval_ms,
  };
}

/** The parts of a consumer around its ledger, put together. */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const { config, tuning, destination, ledger, timing, observe } = deps;
  const stopping = new AbortController();
  const aborting = new AbortController();
  const wake = createWake();
  const tasks = createTasks(timing, (error) => observe({ kind: 'fault', error }));
  const inFlight = destination.isTransactional ? 1 : config.max_in_flight;
  const slots = createSlots(inFlight, () => pump());
  const common = { ...deps, ...tuning, slots, stopping: stopping.signal, aborting: aborting.signal };
  const settle = createSettler(common);
  const keyOf = (ref: RecordRef) => (destination.groupByEncoding ? ref.encoding : '');
  const changed = () => {
    wake.call();
    pump();
  };
  const saving = createSaving({
    ...common,
    turns: destination.isTransactional ? slots : null,
    maxUnsaved: inFlight,
    onSaved(sequence) {
      deps.onConsumed?.(sequence);
      changed();
    },
  });
  let isStopped = false;
  const onSettled = (counts: SettledCounts, saved: Progress | null) => {
    if (isStopped) return;
    observe({ kind: 'settled', counts });
    saving.settled(saved);
    changed();
  };
  const pump = createDispatcher({
    ...common,
    limits: groupLimits(config, tuning),
    // One request is left for other tenants when this one's hang.
    maxPerLane: Math.max(1, inFlight - 1),
    hasRoom: () => slots.free > 0 && saving.hasRoom(),
    keyOf,
    settle,
    onSettled,
    onChange: wake.call,
    track: tasks.track,
  });
  let stopWatching = () => {};

  return {
    ledger,
    start() {
      stopWatching = ledger.source.onAppend(wake.call);
      const onLost = (counts: SettledCounts) => onSettled(counts, null);
      tasks.track(runScanLoop({ ...common, keyOf, wake, onLost, onRead: pump }));
      tasks.track(runReplayer({ ...common, settle, onSettled }));
    },
    async stop() {
      stopWatching();
      stopping.abort();
      wake.call();
      await tasks.finish(tuning.graceMs);
      aborting.abort();
      await tasks.finish(tuning.graceMs);
      isStopped = true;
      tasks.track(saving.stop());
      await tasks.finish(tuning.graceMs);
      await closeScanners(ledger);
    },
    consumed: saving.consumed,
  };
}

async function closeScanners({ lanes }: Ledger): Promise<void> {
  const scanners = [...lanes.values()].map(({ lag }) => lag?.scanner);
  await Promise.all(scanners.map((scanner) => scanner?.close().catch(() => undefined)));
}
