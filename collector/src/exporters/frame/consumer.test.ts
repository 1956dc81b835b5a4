import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createHarness, DELIVERED, REFUSED, settled } from '../testing/harness.ts';
import { createMemorySource, type MemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { Batch } from './destination.ts';

function fill(
  source: MemorySource,
  records: number,
  { tenant = '', items = 2, encoding = 'identity' as const } = {},
) {
  const from = source.tail().sequence;
  for (let at = from; at < from + records; at++) {
    const names = Array.from({ length: items }, (_, index) => `${tenant}${at}.${index}`);
    source.append({ payload: logsOf(names), items, tenant, encoding });
  }
}

const namesOf = (batch: Batch) =>
  batch.records.flatMap(({ info, payload }) =>
    namesIn(info.encoding === 'gzip' ? gunzipSync(payload) : payload),
  );

test('what is in the journal arrives in order, in one request when it fits', async () => {
  const source = createMemorySource('logs');
  fill(source, 5);
  const box = createHarness(source);
  await box.consumer.start();
  await settled(box);
  assert.deepEqual(
    box.batches.flatMap(namesOf),
    [1, 2, 3, 4, 5].flatMap((n) => [`${n}.0`, `${n}.1`]),
  );
  assert.equal(box.batches.length, 1);
  assert.equal(box.consumer.account().delivered, 10);
  await box.consumer.stop();
  assert.equal(box.consumer.consumed(), 6);
  assert.equal(source.openScanners(), 0);
});

test('one item of many that is refused goes to the dead letters, the others arrive', async () => {
  const source = createMemorySource('logs');
  fill(source, 10, { items: 100 });
  const box = createHarness(source, {
    answer: (batch) => (namesOf(batch).includes('4.37') ? REFUSED : DELIVERED),
  });
  await box.consumer.start();
  await settled(box);
  const account = box.consumer.account();
  assert.equal(account.delivered, 999);
  assert.equal(account.deadLettered, 1);
  assert.deepEqual([...box.letters.kept.keys()], ['4-37-38']);
  assert.deepEqual(namesIn(box.letters.kept.get('4-37-38')!.bytes), ['4.37']);
  await box.consumer.stop();
});
