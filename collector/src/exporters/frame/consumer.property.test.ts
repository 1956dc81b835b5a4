import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  assertBalanced,
  createHarness,
  createMemoryKeeper,
  DELIVERED,
  type Harness,
  REFUSED,
  RETRY,
  SUSPECT,
  turnsUntil,
} from '../testing/harness.ts';
import { createMemoryLetters } from '../testing/memory-letters.ts';
import { createMemorySource, type MemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { Batch, SendOutcome } from './destination.ts';

/** Small limits, so that every bound is reached. */
const TUNING = { maxLaneRefs: 6, maxRefs: 12, minLaneRefs: 2, maxRecordsInBatch: 4, maxSplitRequests: 20 };
const CONFIG = { max_batch_items: 6, max_batch_bytes: 400, max_in_flight: 3 };

const namesOf = (batch: Batch) =>
  batch.records.flatMap(({ info, payload }) =>
    namesIn(info.encoding === 'gzip' ? gunzipSync(payload) : payload),
  );

type Action =
  | { do: 'append'; tenant: string; items: number; gzip: boolean; poisoned: boolean }
  | { do: 'turns'; count: number }
  | { do: 'expire'; back: number }
  | { do: 'damage'; back: number; header: boolean }
  | { do: 'block'; tenant: string; isBlocked: boolean }
  | { do: 'restart'; crash: boolean };

const tenant = fc.constantFrom('a', 'b', 'c');
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      tenant,
      items: fc.integer({ min: 1, max: 5 }),
      gzip: fc.boolean(),
      poisoned: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('turns' as const), count: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), back: fc.nat(12) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('damage' as const),
      back: fc.integer({ min: 1, max: 6 }),
      header: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('block' as const), tenant, isBlocked: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), crash: fc.boolean() }) },
);

const OUTCOMES: SendOutcome[] = [
  DELIVERED,
  DELIVERED,
  DELIVERED,
  { kind: 'delivered', refusedItems: 1, message: 'one left out' },
  RETRY,
  SUSPECT,
  REFUSED,
];

interface World {
  source: MemorySource;
  box: Harness;
  delivered: Map<string, number>;
  /** Names of the items of each record. */
  written: Map<number, string[]>;
  damaged: Set<number>;
  /** Tenants that are told to come back later. */
  blocked: Set<string>;
}

/** A destination that writes what it took some turns later, or dies before that. */
async function confirmLater(
  count: number,
  { isWritten, write }: { isWritten: boolean; write(): void },
): Promise<boolean> {
  for (let turn = 0; turn < count; turn++) await new Promise((go) => setImmediate(go));
  if (isWritten) write();
  return isWritten;
}

async function turns(world: World, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    assertBalanced(world.box.consumer.account());
    await new Promise((go) => setImmediate(go));
  }
}

function append(
  world: World,
  { tenant: of, items, gzip, poisoned }: Extract<Action, { do: 'append' }>,
): void {
  const sequence = world.source.tail().sequence;
  const names = Array.from(
    { length: items },
    (_, at) => `${of}${sequence}.${at}${poisoned && at === 1 ? '!' : ''}`,
  );
  world.written.set(sequence, names);
  world.source.append({ payload: logsOf(names), items, tenant: of, encoding: gzip ? 'gzip' : 'identity' });
}

async function perform(
  world: World,
  step: Action,
  restart: (crash: boolean) => Promise<void>,
): Promise<void> {
  if (step.do === 'append') append(world, step);
  else if (step.do === 'turns') await turns(world, step.count);
  else if (step.do === 'block') world.blocked[step.isBlocked ? 'add' : 'delete'](step.tenant);
  else if (step.do === 'restart') await restart(step.crash);
  else if (step.do === 'expire') world.source.expireBefore(world.source.tail().sequence - step.back);
  else {
    const sequence = world.source.tail().sequence - step.back;
    if (sequence < world.source.oldest().sequence) return;
    world.damaged.add(sequence);
    world.source.damage(sequence, step);
  }
}

test('the account balances at every turn and no item is lost unless the journal lost it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 5, maxLength: 120 }),
      fc.array(fc.nat(OUTCOMES.length - 1), { minLength: 1, maxLength: 60 }),
      fc.record({
        groupByEncoding: fc.boolean(),
        // Whether what is taken is remembered, turn about; empty: the destination writes before it answers.
        memories: fc.array(fc.record({ turns: fc.nat(8), isWritten: fc.boolean() }), { maxLength: 20 }),
      }),
      async (steps, choices, { groupByEncoding, memories }) => {
        const source = createMemorySource('logs', { segmentRecords: 3 });
        const keeper = createMemoryKeeper();
        const letters = createMemoryLetters();
        let isCalm = false;
        let sends = 0;
        const delivered = new Map<string, number>();
        const blocked = new Set<string>();
        let epoch = 0;
        const start = async () => {
          const mine = ++epoch;
          const box = createHarness(source, {
            keeper: { ...keeper, save: async (p) => (mine === epoch ? keeper.save(p) : undefined) },
            letters: {
              ...letters,
              put: async (l, b) => (mine === epoch ? letters.put(l, b) : { letters: 0, items: 0 }),
            },
            tuning: TUNING,
            config: CONFIG,
            destination: { groupByEncoding, confirms: memories.length > 0 },
            // One that is there after it forgot is believed in the end.
            isReady: () => isCalm || memories.length === 0,
            answer(batch): SendOutcome {
              if (mine !== epoch) return RETRY;
              const names = namesOf(batch);
              assert.equal(names.length, batch.items);
              assert.ok(names.every((name) => name.startsWith(batch.tenant)));
              if (!isCalm && blocked.has(batch.tenant)) return RETRY;
              const chosen = isCalm ? DELIVERED : OUTCOMES[choices[sends++ % choices.length]!]!;
              const outcome =
                names.some((name) => name.endsWith('!')) && chosen.kind === 'delivered' ? REFUSED : chosen;
              const write = () => {
                for (const name of names) delivered.set(name, (delivered.get(name) ?? 0) + 1);
              };
              if (outcome.kind !== 'delivered') return outcome;
              const memory = memories[sends % Math.max(1, memories.length)];
              if (memory !== undefined) {
                const isWritten = isCalm || memory.isWritten;
                return { ...outcome, confirmation: confirmLater(memory.turns, { isWritten, write }) };
              }
              write();
              return outcome;
            },
          });
          await box.consumer.start();
          return box;
        };
        const world: World = {
          source,
          box: await start(),
          delivered,
          written: new Map(),
          damaged: new Set(),
          blocked,
        };
        const restart = async (crash: boolean) => {
          const { consumer } = world.box;
          if (crash) epoch++;
          await consumer.stop();
          world.box = await start();
        };
        try {
          for (const step of steps) await perform(world, step, restart);
          isCalm = true;
          await turnsUntil(() => world.box.consumer.account().waiting === 0, [world.box.consumer]);
        } finally {
          await world.box.consumer.stop();
        }
        assertBalanced(world.box.consumer.account());
        assert.equal(source.openScanners(), 0);
        const kept = [...letters.kept.values()].flatMap(({ bytes }) => namesIn(bytes));
        // A letter whose record expired before it was counted stays: it is all that is left of it.
        const counted = world.box.consumer.account().deadLettered;
        const canExpire = steps.some((step) => step.do === 'expire');
        assert.ok(canExpire ? letters.items() >= counted : letters.items() === counted);
        assert.equal(new Set(kept).size, kept.length);
        for (const [sequence, names] of world.written) {
          if (sequence < source.oldest().sequence || world.damaged.has(sequence)) continue;
          for (const name of names) assert.ok(delivered.has(name) || kept.includes(name), `${name} is lost`);
        }
        const last = keeper.last();
        assert.equal(last?.sequence, source.tail().sequence);
        assert.equal(last?.aheadItems, 0);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 60) },
  );
});
