import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHarness, settled, turnsUntil } from '../testing/harness.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { Batch, SendOutcome } from './destination.ts';

const namesOf = (batch: Batch) => batch.records.flatMap(({ payload }) => namesIn(payload));
const ONE_EACH = { config: { max_batch_items: 1, max_in_flight: 2 } };

/** A destination that answers before it has written; the test says what becomes of each batch. */
function startUnwritten(count: number) {
  const source = createMemorySource('logs');
  for (let at = 0; at < count; at++) source.append({ payload: logsOf([`${at}`]), items: 1 });
  const confirmations: PromiseWithResolvers<boolean>[] = [];
  const answer = (): SendOutcome => {
    const confirmation = Promise.withResolvers<boolean>();
    confirmations.push(confirmation);
    return { kind: 'delivered', refusedItems: 0, message: '', confirmation: confirmation.promise };
  };
  return { confirmations, ...createHarness(source, { ...ONE_EACH, answer }) };
}

test('what is not written yet waits, is not saved, and holds up nothing behind it', async () => {
  const box = startUnwritten(20);
  await box.consumer.start();
  await turnsUntil(() => box.batches.length === 20, [box.consumer]);
  assert.equal(box.consumer.account().waiting, 20);
  assert.equal(box.keeper.last()?.counts.delivered ?? 0, 0);
  for (const { resolve } of box.confirmations) resolve(true);
  await settled(box);
  assert.equal(box.consumer.account().delivered, 20);
  assert.equal(box.batches.length, 20);
  await box.consumer.stop();
});

test('what the destination forgot is sent again, and only that', async () => {
  const box = startUnwritten(6);
  await box.consumer.start();
  await turnsUntil(() => box.batches.length === 6, [box.consumer]);
  const forgotten = box.batches.slice(3, 5).flatMap(namesOf);
  for (const [at, { resolve }] of box.confirmations.entries()) resolve(at !== 3 && at !== 4);
  await turnsUntil(() => box.batches.length === 8, [box.consumer]);
  assert.deepEqual(box.batches.slice(6).flatMap(namesOf).sort(), forgotten.sort());
  assert.match(box.consumer.account().lastError ?? '', /went away before it had written/);
  for (const { resolve } of box.confirmations.slice(6)) resolve(true);
  await settled(box);
  assert.equal(box.consumer.account().delivered, 6);
  await box.consumer.stop();
});

test('what is unconfirmed at a stop is sent again after the next start', async () => {
  const box = startUnwritten(3);
  await box.consumer.start();
  await turnsUntil(() => box.batches.length === 3, [box.consumer]);
  box.confirmations[0]!.resolve(true);
  await turnsUntil(() => box.consumer.account().delivered === 1, [box.consumer]);
  await box.consumer.stop();
  assert.equal(box.consumer.account().waiting, 2);
  assert.equal(box.keeper.last()?.counts.delivered, 1);
});
