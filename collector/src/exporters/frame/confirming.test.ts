import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createHarness, settled, turnsUntil } from '../testing/harness.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { Batch, SendOutcome } from './destination.ts';

const namesOf = (batch: Batch) => batch.records.flatMap(({ payload }) => namesIn(payload));
const ONE_EACH = { config: { max_batch_items: 1, max_in_flight: 2 } };

/** A destination that answers before it has written; the test says what becomes of each batch. */
function startUnwritten(t: TestContext, count: number, isReady = () => false) {
  const source = createMemorySource('logs');
  for (let at = 0; at < count; at++) source.append({ payload: logsOf([`${at}`]), items: 1 });
  const confirmations: PromiseWithResolvers<boolean>[] = [];
  const answer = (): SendOutcome => {
    const confirmation = Promise.withResolvers<boolean>();
    confirmations.push(confirmation);
    return { kind: 'delivered', refusedItems: 0, message: '', confirmation: confirmation.promise };
  };
  const box = createHarness(source, { ...ONE_EACH, answer, isReady });
  t.after(() => box.consumer.stop());
  return { confirmations, ...box };
}

test('what is not written yet waits, is not saved, and holds up nothing behind it', async (t) => {
  const box = startUnwritten(t, 20);
  await box.consumer.start();
  await turnsUntil(() => box.batches.length === 20, [box.consumer]);
  assert.equal(box.consumer.account().waiting, 20);
  assert.equal(box.keeper.last()?.counts.delivered ?? 0, 0);
  for (const { resolve } of box.confirmations) resolve(true);
  await settled(box);
  assert.equal(box.consumer.account().delivered, 20);
  assert.equal(box.batches.length, 20);
});

test('what the destination forgot is sent again, and only that', async (t) => {
  const box = startUnwritten(t, 6);
  await box.consumer.start();
  await turnsUntil(() => box.batches.length === 6, [box.consumer]);
  const forgotten = box.batches.slice(3, 5).flatMap(namesOf);
  for (const [at, { resolve }] of box.confirmations.entries()) resolve(at !== 3 && at !== 4);
  await turnsUntil(() => box.batches.length === 8, [box.consumer]);
  assert.deepEqual(box.batches.slice(6).flatMap(namesOf).sort(), forgotten.sort());
  const reasons = box.events.map((event) => ('reason' in event ? event.reason : ''));
  assert.ok(reasons.some((reason) => /went away before it had written/.test(reason ?? '')));
  for (const { resolve } of box.confirmations.slice(6)) resolve(true);
  await settled(box);
  assert.equal(box.consumer.account().delivered, 6);
});

test('what is unconfirmed at a stop is sent again after the next start', async (t) => {
  const box = startUnwritten(t, 3);
  await box.consumer.start();
  await turnsUntil(() => box.batches.length === 3, [box.consumer]);
  box.confirmations[0]!.resolve(true);
  await turnsUntil(() => box.consumer.account().delivered === 1, [box.consumer]);
  await box.consumer.stop();
  assert.equal(box.consumer.account().waiting, 2);
  assert.equal(box.keeper.last()?.counts.delivered, 1);
});

test('one that is there each time its connections close is believed in the end, and that is told', async (t) => {
  const box = startUnwritten(t, 1, () => true);
  await box.consumer.start();
  for (let sent = 1; sent <= 3; sent++) {
    await turnsUntil(() => box.batches.length === sent, [box.consumer]);
    box.confirmations[sent - 1]!.resolve(false);
  }
  await settled(box);
  assert.equal(box.batches.length, 3);
  assert.equal(box.events.filter(({ kind }) => kind === 'unconfirmed').length, 1);
});

test('what was taken before an outage proves nothing about what fails in it', async (t) => {
  const source = createMemorySource('logs');
  for (const name of ['before', 'after']) source.append({ payload: logsOf([name]), items: 1 });
  const early = Promise.withResolvers<boolean>();
  let refusals = 0;
  const box = createHarness(source, {
    config: { max_batch_items: 1, max_in_flight: 2 },
    answer(batch): SendOutcome {
      if (namesOf(batch)[0] === 'before')
        return { kind: 'delivered', refusedItems: 0, message: '', confirmation: early.promise };
      if (++refusals === 2) early.resolve(true);
      return { kind: 'suspect', reason: 'broken' };
    },
  });
  t.after(() => box.consumer.stop());
  await box.consumer.start();
  await turnsUntil(() => box.consumer.account().deadLettered === 1, [box.consumer]);
  assert.equal(refusals, 10);
});
