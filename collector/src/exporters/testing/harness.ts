import assert from 'node:assert/strict';
import type { DestinationAccount } from '#core/accounting.ts';
import type { Progress, ProgressKeeper } from '#core/progress.ts';
import type { FrameConfig } from '../frame/config.ts';
import { type Consumer, createConsumer } from '../frame/consumer.ts';
import type { Batch, Destination, SendContext, SendOutcome } from '../frame/destination.ts';
import type { ExporterEvent } from '../frame/observer.ts';
import type { Timing } from '../frame/timing.ts';
import type { Tuning } from '../frame/tuning.ts';
import { createMemoryLetters, type MemoryLetters } from './memory-letters.ts';
import type { MemorySource } from './memory-source.ts';

export const DELIVERED: SendOutcome = { kind: 'delivered', refusedItems: 0, message: '' };
export const RETRY: SendOutcome = { kind: 'retry', reason: 'away', afterMs: null };
export const REFUSED: SendOutcome = { kind: 'refused', reason: 'bad' };
export const SUSPECT: SendOutcome = { kind: 'suspect', reason: 'broken' };

/** Time that passes only where somebody sleeps: a sleep takes a few turns of the event loop. */
export function createQuickTime(): Timing & { slept: number[] } {
  let nowMs = 1_700_000_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => nowMs,
    random: () => 0.5,
    async sleep(ms, signal) {
      slept.push(ms);
      const untilMs = nowMs + ms;
      for (let turn = 0; turn < 3 && !signal?.aborted; turn++) await new Promise((go) => setImmediate(go));
      if (!signal?.aborted) nowMs = Math.max(nowMs, untilMs);
    },
  };
}

export function createMemoryKeeper(): ProgressKeeper & { saved: Progress[]; last(): Progress | null } {
  const saved: Progress[] = [];
  return {
    saved,
    last: () => saved.at(-1) ?? null,
    load: async () => structuredClone(saved.at(-1) ?? null),
    async save(progress) {
      await new Promise((go) => setImmediate(go));
      saved.push(structuredClone(progress));
    },
  };
}

type Answer = (batch: Batch, context: SendContext) => SendOutcome | Promise<SendOutcome>;

export interface Harness {
  consumer: Consumer;
  keeper: ReturnType<typeof createMemoryKeeper>;
  letters: MemoryLetters;
  batches: Batch[];
  events: ExporterEvent[];
  time: ReturnType<typeof createQuickTime>;
}

export interface HarnessOptions {
  answer?: Answer;
  isReady?: () => boolean;
  config?: Partial<FrameConfig>;
  tuning?: Partial<Tuning>;
  destination?: Partial<Destination>;
  keeper?: ReturnType<typeof createMemoryKeeper>;
  letters?: MemoryLetters;
  /** Faults are part of the test; else one fails it. */
  allowFaults?: boolean;
}

export const CONFIG: FrameConfig = {
  max_batch_bytes: 4 * 1024 * 1024,
  max_batch_items: 8192,
  flush_interval_ms: 200,
  max_in_flight: 4,
};

/** A consumer of `source` with a destination that answers as told. */
export function createHarness(source: MemorySource, options: HarnessOptions = {}): Harness {
  const { keeper = createMemoryKeeper(), letters = createMemoryLetters() } = options;
  const batches: Batch[] = [];
  const events: ExporterEvent[] = [];
  const time = createQuickTime();
  const destination: Destination = {
    name: 'test',
    groupByEncoding: true,
    isTransactional: false,
    async send(batch, context) {
      await null;
      batches.push(batch);
      return (options.answer ?? (() => DELIVERED))(batch, context);
    },
    isReady: async () => options.isReady?.() ?? true,
    ...options.destination,
  };
  const consumer = createConsumer(
    { ...CONFIG, ...options.config },
    {
      destination,
      source,
      keeper,
      deadLetters: letters,
      observer: (_of, event) => {
        if (event.kind === 'fault' && options.allowFaults !== true) throw event.error;
        events.push(event);
      },
      timing: time,
      tuning: options.tuning ?? {},
    },
  );
  return { consumer, keeper, letters, batches, events, time };
}

/** accepted = delivered + waiting + expired + refused + deadLettered + damaged. */
export function assertBalanced(account: DestinationAccount): void {
  const { accepted, delivered, waiting, expired, refused, deadLettered, damaged } = account;
  assert.equal(
    delivered + waiting + expired + refused + deadLettered + damaged,
    accepted,
    JSON.stringify(account),
  );
  for (const [name, count] of Object.entries({ delivered, waiting, expired, refused, deadLettered, damaged }))
    assert.ok(count >= 0, `${name} is ${count}`);
}

/** Turns of the event loop until `isSo`; the account must balance at each. */
export async function turnsUntil(isSo: () => boolean, consumers: readonly Consumer[]): Promise<void> {
  for (let turn = 0; turn < 20_000; turn++) {
    for (const consumer of consumers) assertBalanced(consumer.account());
    if (isSo()) return;
    await new Promise((go) => setImmediate(go));
  }
  throw new Error(`it did not come to that: ${JSON.stringify(consumers.map((each) => each.account()))}`);
}

/** Until nothing waits and all of it is saved. */
export async function settled({ consumer, keeper }: Harness): Promise<void> {
  await turnsUntil(() => {
    const { waiting, delivered } = consumer.account();
    return waiting === 0 && (keeper.last()?.counts.delivered ?? 0) === delivered;
  }, [consumer]);
}
