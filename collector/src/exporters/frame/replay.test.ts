import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHarness, DELIVERED, REFUSED, RETRY, settled, turnsUntil } from '../testing/harness.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { Batch } from './destination.ts';

const namesOf = (batch: Batch) => batch.records.flatMap(({ payload }) => namesIn(payload));

async function refuseAll() {
  const source = createMemorySource('logs');
  source.append({ payload: logsOf(['a', 'b', 'c', 'd']), items: 4, tenant: 't' });
  const state = { bad: ['a', 'b', 'c', 'd'], isAway: false };
  const box = createHarness(source, {
    tuning: { maxSplitRequests: 0 },
    answer: (batch) =>
      state.isAway ? RETRY : namesOf(batch).some((name) => state.bad.includes(name)) ? REFUSED : DELIVERED,
  });
  await box.consumer.start();
  await settled(box);
  assert.deepEqual([...box.letters.kept.keys()], ['1-0-4']);
  const mark = () => {
    for (const letter of box.letters.kept.values()) letter.isMarked = true;
  };
  return { ...box, source, state, mark };
}

test('a marked letter is sent again; what is taken moves from dead-lettered to delivered', async () => {
  const box = await refuseAll();
  box.state.bad = [];
  box.mark();
  await turnsUntil(() => box.consumer.account().delivered === 4, [box.consumer]);
  assert.equal(box.consumer.account().deadLettered, 0);
  assert.equal(box.letters.kept.size, 0);
  const last = box.batches.at(-1)!;
  assert.deepEqual([last.isReplay, last.tenant], [true, 't']);
  await box.consumer.stop();
  assert.equal(box.keeper.last()!.counts.delivered, 4);
});

test('a letter that is refused again stays, unmarked', async () => {
  const box = await refuseAll();
  box.mark();
  await turnsUntil(() => box.events.some(({ kind }) => kind === 'replayed'), [box.consumer]);
  assert.deepEqual(
    [...box.letters.kept.values()].map(({ isMarked }) => isMarked),
    [false],
  );
  assert.equal(box.consumer.account().deadLettered, 4);
  await box.consumer.stop();
});

test('a letter that waits for a destination that is away stays marked over a stop', async () => {
  const box = await refuseAll();
  box.state.isAway = true;
  box.mark();
  await turnsUntil(() => box.consumer.account().state === 'retrying', [box.consumer]);
  await box.consumer.stop();
  assert.deepEqual(
    [...box.letters.kept.values()].map(({ isMarked }) => isMarked),
    [true],
  );
  assert.equal(box.consumer.account().deadLettered, 4);
});
