import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHarness, DELIVERED, RETRY, settled, turnsUntil } from '../testing/harness.ts';
import { createMemorySource, type MemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { Batch } from './destination.ts';

function append(source: MemorySource, tenant: string, encoding: 'identity' | 'gzip' = 'identity') {
  const name = `${tenant}${source.tail().sequence}`;
  return source.append({ payload: logsOf([name]), items: 1, tenant, encoding });
}

const namesOf = (batch: Batch) => batch.records.flatMap(({ payload }) => namesIn(payload));
const SMALL = { maxLaneRefs: 8, maxRefs: 100, minLaneRefs: 2, maxRecordsInBatch: 4 };

test("one tenant's 429 holds back no other tenant, however much it has waiting", async () => {
  const source = createMemorySource('logs');
  for (let at = 0; at < 200; at++) append(source, 'slow');
  append(source, 'quick');
  let isSlow = true;
  const answer = (batch: Batch) => (isSlow && batch.tenant === 'slow' ? RETRY : DELIVERED);
  const box = createHarness(source, { answer, tuning: SMALL });
  await box.consumer.start();
  await turnsUntil(() => box.consumer.account().delivered === 1, [box.consumer]);
  await turnsUntil(() => Object.keys(box.keeper.last()?.tenants ?? {}).includes('quick'), [box.consumer]);
  assert.equal(box.keeper.last()!.sequence, 1);
  assert.equal(box.keeper.last()!.aheadItems, 1);
  assert.equal(box.consumer.consumed(), 1);
  isSlow = false;
  await settled(box);
  const slow = box.batches.filter(({ tenant }) => tenant === 'slow').flatMap(namesOf);
  assert.deepEqual(new Set(slow).size, 200);
  assert.ok(source.loads() < 400);
  await box.consumer.stop();
  assert.equal(source.openScanners(), 0);
});

test('after a restart a tenant that was further is not sent again', async () => {
  const source = createMemorySource('logs');
  for (const tenant of ['slow', 'quick', 'slow', 'quick']) append(source, tenant);
  const answer = ({ tenant }: Batch) => (tenant === 'slow' ? RETRY : DELIVERED);
  const first = createHarness(source, { answer });
  await first.consumer.start();
  await turnsUntil(() => first.keeper.last()?.tenants.quick === 5, [first.consumer]);
  await first.consumer.stop();
  append(source, 'quick');
  const second = createHarness(source, { keeper: first.keeper });
  await second.consumer.start();
  await settled(second);
  assert.deepEqual(second.batches.flatMap(namesOf).sort(), ['quick5', 'slow1', 'slow3']);
  assert.equal(second.consumer.account().delivered, 5);
  await second.consumer.stop();
});

test('payloads are read for what is in flight only', async () => {
  const source = createMemorySource('logs');
  for (let at = 0; at < 500; at++) append(source, `t${at % 5}`);
  let inFlight = 0;
  let most = 0;
  const box = createHarness(source, {
    config: { max_in_flight: 2, max_batch_items: 10 },
    async answer(batch) {
      inFlight += batch.records.length;
      most = Math.max(most, inFlight);
      await new Promise((go) => setImmediate(go));
      inFlight -= batch.records.length;
      return DELIVERED;
    },
  });
  await box.consumer.start();
  await settled(box);
  assert.ok(most <= 20, String(most));
  assert.equal(source.loads(), 500);
  await box.consumer.stop();
});

test('batches hold one tenant, one encoding if wanted, and keep to their limits; a larger record goes alone', async () => {
  const source = createMemorySource('logs');
  for (let at = 0; at < 60; at++)
    append(source, at % 3 === 0 ? 'a' : 'b', at % 2 === 0 ? 'gzip' : 'identity');
  source.append({ payload: logsOf(Array(50).fill('big')), items: 50, tenant: 'a' });
  const box = createHarness(source, { config: { max_batch_items: 7, max_batch_bytes: 100 } });
  await box.consumer.start();
  await settled(box);
  for (const { tenant, records, items, uncompressedBytes } of box.batches) {
    assert.ok(
      records.every(({ info }) => info.tenant === tenant && info.encoding === records[0]!.info.encoding),
    );
    assert.ok((items <= 7 && uncompressedBytes <= 100) || records.length === 1);
  }
  assert.deepEqual(box.batches.filter(({ items }) => items === 50).length, 1);
  await box.consumer.stop();
});

test('what expires in front of a blocked tenant is counted, and what another had settled is not', async () => {
  const source = createMemorySource('logs', { segmentRecords: 4 });
  for (let at = 0; at < 40; at++) append(source, at % 2 === 0 ? 'slow' : 'quick');
  let isSlow = true;
  const answer = ({ tenant }: Batch) => (isSlow && tenant === 'slow' ? RETRY : DELIVERED);
  const box = createHarness(source, { answer, tuning: SMALL });
  await box.consumer.start();
  await turnsUntil(() => box.consumer.account().delivered === 20, [box.consumer]);
  source.expireBefore(33);
  isSlow = false;
  await settled(box);
  const { delivered, expired } = box.consumer.account();
  assert.deepEqual({ delivered, expired }, { delivered: 24, expired: 16 });
  await box.consumer.stop();
});
