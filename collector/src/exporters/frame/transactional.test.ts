import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Progress } from '#core/progress.ts';
import {
  createHarness,
  createMemoryKeeper,
  type Harness,
  REFUSED,
  RETRY,
  turnsUntil,
} from '../testing/harness.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { SendOutcome } from './destination.ts';

/** A store that keeps rows and progress in one transaction; a crash leaves what was committed. */
function createFakeStore(source: ReturnType<typeof createMemorySource>) {
  const rows: string[] = [];
  const keeper = createMemoryKeeper();
  const committed: Progress[] = [];
  let busy = 0;
  let sends = 0;
  let life = 0;
  async function commit(mine: number, names: readonly string[], progress: Progress | null) {
    busy++;
    assert.equal(busy, 1, 'two transactions at the same time');
    await new Promise((go) => setImmediate(go));
    if (mine === life) rows.push(...names);
    if (mine === life && progress !== null) {
      assert.ok(progress.sequence >= (committed.at(-1)?.sequence ?? 0), 'progress went back');
      committed.push(structuredClone(progress));
    }
    busy--;
  }
  const start = (choices: readonly number[]): Harness => {
    const mine = life;
    return createHarness(source, {
      keeper: {
        ...keeper,
        load: async () => structuredClone(committed.at(-1) ?? null),
        last: () => committed.at(-1) ?? null,
        save: (progress) => commit(mine, [], progress),
      },
      tuning: { maxLaneRefs: 8, maxRecordsInBatch: 3 },
      destination: {
        isTransactional: true,
        groupByEncoding: false,
        async send(batch, { progressAfter }): Promise<SendOutcome> {
          const names = batch.records.flatMap(({ payload }) => namesIn(payload));
          if (names.includes('bad')) return REFUSED;
          if (choices[sends++ % choices.length] === 1) return RETRY;
          await commit(mine, names, progressAfter);
          return { kind: 'delivered', refusedItems: 0, message: '', progressSaved: progressAfter !== null };
        },
      },
    });
  };
  /** Nothing that is under way reaches the disk any more. */
  const crash = () => {
    life++;
  };
  return { rows, committed, start, crash };
}

test('rows and progress move together: over any crashes each row is written exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ turns: fc.nat(30), isCrash: fc.boolean() }), { maxLength: 6 }),
      fc.array(fc.nat(3), { minLength: 1, maxLength: 9 }),
      fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 30 }),
      async (lives, choices, tenants) => {
        const source = createMemorySource('logs');
        const store = createFakeStore(source);
        const names = tenants.map((tenant, at) => `${tenant}${at}`);
        for (const [at, name] of names.entries())
          source.append({ payload: logsOf([name]), items: 1, tenant: tenants[at]! });
        for (const { turns, isCrash } of lives) {
          const { consumer } = store.start(choices);
          await consumer.start();
          for (let turn = 0; turn < turns; turn++) await new Promise((go) => setImmediate(go));
          if (isCrash) store.crash();
          await consumer.stop();
        }
        const last = store.start([0]);
        await last.consumer.start();
        await turnsUntil(() => last.consumer.account().waiting === 0, [last.consumer]);
        await last.consumer.stop();
        assert.deepEqual([...store.rows].sort(), [...names].sort());
        const saved = store.committed.at(-1)!;
        assert.equal(saved.sequence, source.tail().sequence);
        assert.equal(saved.counts.delivered, names.length);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 60) },
  );
});

test('progress is not saved once more when the batch carried it', async () => {
  const source = createMemorySource('logs');
  for (const name of ['a', 'b']) source.append({ payload: logsOf([name]), items: 1 });
  const store = createFakeStore(source);
  const { consumer } = store.start([0]);
  await consumer.start();
  await turnsUntil(() => consumer.consumed() === 3, [consumer]);
  assert.equal(store.committed.length, 1);
  await consumer.stop();
});

test('a bad item is found within one record and the records around it are written once', async () => {
  const source = createMemorySource('logs');
  for (const names of [['a'], ['b', 'bad', 'c'], ['d']])
    source.append({ payload: logsOf(names), items: names.length });
  const store = createFakeStore(source);
  const box = store.start([0]);
  await box.consumer.start();
  await turnsUntil(() => box.consumer.account().waiting === 0, [box.consumer]);
  await box.consumer.stop();
  assert.deepEqual([...store.rows].sort(), ['a', 'b', 'c', 'd']);
  assert.equal(store.committed.at(-1)!.counts.deadLettered, 1);
});
