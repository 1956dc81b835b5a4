import type { DestinationAccount } from '#core/accounting.ts';
import type { ProgressKeeper } from '#core/progress.ts';
import type { RecordSource } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import type { FrameConfig } from './config.ts';
import { createConsumer } from './consumer.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Destination } from './destination.ts';
import type { ExporterObserver } from './observer.ts';
import type { Timing } from './timing.ts';
import type { Tuning } from './tuning.ts';

export interface ExporterDeps {
  destination: Destination;
  /** One for each signal that goes there. */
  sources: readonly RecordSource[];
  keeperOf(signal: Signal): ProgressKeeper;
  deadLettersOf(signal: Signal): DeadLetters;
  observer: ExporterObserver;
  /** Called with each new `consumed(signal)`. */
  onConsumed?(signal: Signal, sequence: number): void;
  timing?: Timing;
  tuning?: Partial<Tuning>;
}

/** Brings what the journals have to one destination. */
export interface Exporter {
  readonly name: string;
  start(): Promise<void>;
  /** What has not arrived stays in the journals. Twice is harmless. */
  stop(): Promise<void>;
  accounts(): DestinationAccount[];
  /** The lowest sequence of a signal that it still needs; Infinity for a signal that it does not take. */
  consumed(signal: Signal): number;
}

export function createExporter(config: FrameConfig, deps: ExporterDeps): Exporter {
  const { destination, sources, onConsumed, keeperOf, deadLettersOf, ...shared } = deps;
  const consumers = new Map(
    sources.map((source) => {
      const { signal } = source;
      const consumer = createConsumer(config, {
        ...shared,
        destination,
        source,
        keeper: keeperOf(signal),
        deadLetters: deadLettersOf(signal),
        onConsumed: (sequence) => onConsumed?.(signal, sequence),
      });
      return [signal, consumer] as const;
    }),
  );
  return {
    name: destination.name,
    async start() {
      await Promise.all([...consumers.values()].map((consumer) => consumer.start()));
    },
    async stop() {
      await Promise.all([...consumers.values()].map((consumer) => consumer.stop()));
      await destination.close?.();
    },
    accounts: () => [...consumers.values()].map((consumer) => consumer.account()),
    consumed: (signal) => consumers.get(signal)?.consumed() ?? Number.POSITIVE_INFINITY,
  };
}
