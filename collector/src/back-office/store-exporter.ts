import { SIGNALS, type Signal } from '#core/signal.ts';
import type { DeadLetters } from '#exporters/frame/dead-letters.ts';
import { createExporter, type Exporter } from '#exporters/frame/exporter.ts';
import type { ExporterObserver } from '#exporters/frame/observer.ts';
import { nodeFileSystem } from '#journal/file-system.ts';
import { createRecordSource } from '#journal/record-source.ts';
import type { JournalView } from '#journal/segments.ts';
import type { Store } from '#store/store.ts';
import { createRemoteView } from './journal-views.ts';
import { createStoreDestination } from './store-destination.ts';

/** A transaction larger than this would keep readers waiting for what comes behind it. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const MAX_BATCH_ITEMS = 50_000;

export interface StoreExporterDeps {
  store: Store;
  deadLettersOf(signal: Signal): DeadLetters;
  observer: ExporterObserver;
  onNeeded(signal: Signal, sequence: number): void;
}

/** Brings the journals of the main thread to the store. */
export interface StoreExporter extends Exporter {
  /** A journal as it is now. All three must be told before the start. */
  setView(signal: Signal, view: JournalView): void;
}

export function createStoreExporter(
  config: { commit_interval_ms: number },
  deps: StoreExporterDeps,
): StoreExporter {
  const { store } = deps;
  const views = new Map(SIGNALS.map((signal) => [signal, createRemoteView()]));
  const sources = SIGNALS.map((signal) => {
    const { onChange, view } = views.get(signal)!;
    return createRecordSource({ signal, fs: nodeFileSystem, view, onChange });
  });
  const exporter = createExporter(
    {
      max_batch_bytes: MAX_BATCH_BYTES,
      max_batch_items: MAX_BATCH_ITEMS,
      flush_interval_ms: config.commit_interval_ms,
      max_in_flight: 1,
    },
    {
      destination: createStoreDestination(store),
      sources,
      keeperOf: (signal) => ({
        load: () => store.loadProgress(signal, views.get(signal)!.view().journalId),
        save: (progress) => store.write([], { signal, progress }),
      }),
      deadLettersOf: deps.deadLettersOf,
      observer: deps.observer,
      onConsumed: deps.onNeeded,
    },
  );
  return {
    ...exporter,
    setView: (signal, view) => views.get(signal)!.update(view),
    async start() {
      await exporter.start();
      for (const signal of SIGNALS) deps.onNeeded(signal, exporter.consumed(signal));
    },
    async stop() {
      await exporter.stop();
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}
