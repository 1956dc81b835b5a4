import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { createMetrics } from '#self/metrics.ts';
import { until } from '#test/support/until.ts';
import { openKeyBook } from './key-book.ts';
import { KeyError } from './key-error.ts';
import { keyFilePath } from './key-file.ts';
import {
  asApiKey,
  createDataDir,
  keysConfig,
  NO_CREDENTIALS,
  newKey,
  refusalOf,
  senderOf,
} from './keys.fixture.ts';
import { openKeys } from './open-keys.ts';
import { usageFilePath } from './usage-file.ts';

async function start(t: TestContext, dataDir: string, config: Record<string, unknown> = {}) {
  const logger = createMemoryLogger();
  const metrics = createMetrics('worker');
  const keys = await openKeys({ data_dir: dataDir, keys: keysConfig(config) }, { logger, metrics });
  t.after(async () => {
    await keys.stop();
    metrics.stop();
  });
  const kindOf = (key: string) => keys.gate.admit(asApiKey(key), 0).kind;
  const messages = () => logger.lines.map(({ message }) => message);
  return { ...keys, metrics, kindOf, messages };
}

/** What the counter says of requests: `tenant key outcome`, and how many. */
async function countedIn(metrics: ReturnType<typeof createMetrics>) {
  const found = (await metrics.toJson()).find(({ name }) => name === 'signalbox_sender_requests_total')!;
  return found.values.map(({ labels, value }) => `${labels.tenant} ${labels.key} ${labels.outcome} ${value}`);
}

test('keys that are made, rotated and revoked meanwhile are seen by a running gate', async (t) => {
  const dataDir = createDataDir(t);
  const book = openKeyBook(dataDir);
  const { kindOf } = await start(t, dataDir, { required: true });
  const { key, record } = await book.create(newKey('shop'));
  await until('the new key is good', async () => kindOf(key) === 'admitted' || undefined);
  const rotated = await book.rotate(record.id, { graceMs: 0 });
  await until('the old key is not', async () => kindOf(key) === 'unauthenticated' || undefined);
  assert.equal(kindOf(rotated.key), 'admitted');
  await book.revoke(record.id);
  await until('it is revoked', async () => kindOf(rotated.key) === 'unauthenticated' || undefined);
});

test('a limit that is changed holds for a running gate', async (t) => {
  const dataDir = createDataDir(t);
  const book = openKeyBook(dataDir);
  const { key, record } = await book.create(newKey('shop', { limits: { itemsPerDay: 1 } }));
  const { gate, kindOf } = await start(t, dataDir);
  gate.charge(senderOf(gate.admit(asApiKey(key), 0)), { items: 5, bytes: 0, isAccepted: true });
  assert.equal(kindOf(key), 'too_much');
  await book.update(record.id, { limits: { itemsPerDay: 10 } });
  await until('it may send again', async () => kindOf(key) === 'admitted' || undefined);
});

test('a file that is damaged or gone changes nothing but is told, once, until it is whole again', async (t) => {
  const dataDir = createDataDir(t);
  const path = keyFilePath(dataDir);
  const { key } = await openKeyBook(dataDir).create(newKey('shop'));
  const whole = readFileSync(path);
  const { kindOf, messages, report } = await start(t, dataDir, { required: true });
  const warning = 'API keys cannot be read; those known before hold';
  writeFileSync(path, whole.subarray(0, 50));
  await until('the damage is seen', async () => report().failure ?? undefined);
  assert.match(report().failure!, /it is not JSON. Put back a whole copy/);
  assert.equal(kindOf(key), 'admitted');
  rmSync(path);
  await until('the loss is seen', async () => report().failure?.includes('it is gone') || undefined);
  assert.equal(kindOf(key), 'admitted');
  writeFileSync(path, whole);
  await until('it is whole again', async () => report().failure === null || undefined);
  assert.deepEqual(messages(), [warning, warning, 'API keys were read anew']);
});

test('a file that cannot be read at the start is for the operator to mend', async (t) => {
  const dataDir = createDataDir(t);
  await openKeyBook(dataDir).create(newKey('shop'));
  writeFileSync(keyFilePath(dataDir), 'no');
  await assert.rejects(start(t, dataDir), KeyError);
});

test('what keys were used for outlives a restart, the limit of a day with it', async (t) => {
  const dataDir = createDataDir(t);
  const { key, record } = await openKeyBook(dataDir).create(
    newKey('shop', { tenant: 'team-a', limits: { itemsPerDay: 10 } }),
  );
  const before = await start(t, dataDir);
  before.gate.charge(senderOf(before.gate.admit(asApiKey(key), 0)), {
    items: 10,
    bytes: 99,
    isAccepted: true,
  });
  assert.match(refusalOf(before.gate.admit(asApiKey('what'), 0)), /^unauthenticated/);
  const told = before.report();
  assert.equal(told.usage[record.id]!.today.items, 10);
  await before.stop();
  assert.equal(statSync(usageFilePath(dataDir)).mode & 0o777, 0o600);
  assert.ok(!readFileSync(usageFilePath(dataDir), 'utf8').includes(key.slice(13)));

  const after = await start(t, dataDir);
  assert.deepEqual(after.report(), told);
  assert.match(refusalOf(after.gate.admit(asApiKey(key), 0)), /10 items a day is reached/);
});

test('counts that cannot be read begin anew, with a warning', async (t) => {
  const dataDir = createDataDir(t);
  writeFileSync(usageFilePath(dataDir), '{"version":1,"keys":{"a":{}}}');
  const { gate, messages, report, stop } = await start(t, dataDir);
  assert.deepEqual(messages(), ['what API keys were used for cannot be read; counting begins anew']);
  gate.admit(NO_CREDENTIALS, 0);
  await stop();
  assert.deepEqual(Object.keys(report().usage), ['']);
  assert.match(readFileSync(usageFilePath(dataDir), 'utf8'), /^\{"version":1,"keys":\{"":/);
});

test('nothing is written when nothing was counted', async (t) => {
  const dataDir = createDataDir(t);
  const { stop } = await start(t, dataDir);
  await stop();
  assert.equal(existsSync(usageFilePath(dataDir)), false);
});

test('requests are in the metrics by tenant and id of the key, and not by what strangers send', async (t) => {
  const dataDir = createDataDir(t);
  const { key, record } = await openKeyBook(dataDir).create(newKey('shop', { tenant: 'team-a' }));
  const { gate, metrics } = await start(t, dataDir);
  for (const isAccepted of [true, true, false]) {
    gate.charge(senderOf(gate.admit(asApiKey(key), 0)), { items: 1, bytes: 1, isAccepted });
  }
  for (const stranger of ['a', 'b', 'c']) gate.admit(asApiKey(stranger), 0);
  assert.deepEqual(await countedIn(metrics), [
    `team-a ${record.id} accepted 2`,
    `team-a ${record.id} failed 1`,
    '  no_key 3',
  ]);
});
