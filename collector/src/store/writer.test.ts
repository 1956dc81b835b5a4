import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Payload } from '#core/payload.ts';
import { NOTHING_SETTLED, type Progress } from '#core/progress.ts';
import { EPOCH, logsPayload, metricsPayload, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { makeTempFolder, openTempStore, STORE_CONFIG } from '#test/support/temp-store.ts';
import { openDuckDb } from './duckdb.ts';
import { openPartitions } from './partitions.ts';
import { createWriter } from './writer.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

function spans(service: string, count: number): Payload {
  const span = (n: number) => ({
    trace: TRACE,
    span: String(n + 1).padStart(16, '0'),
    start: EPOCH + BigInt(n),
  });
  return tracesPayload(
    { service, resource: { at: service } },
    Array.from({ length: count }, (_, n) => span(n)),
  );
}

async function openFiles(context: TestContext) {
  const folder = await makeTempFolder(context);
  const database = await openDuckDb(folder, STORE_CONFIG);
  const { connection, handle } = await database.connectRaw();
  const partitions = await openPartitions({ folder, connection, onDamaged: () => undefined });
  return { connection, database, handle, partitions };
}

test('what was written is seen by readers', async (context) => {
  const { store, value } = await openTempStore(context);
  await store.write([spans('a', 3), spans('b', 2)]);
  assert.equal(Number(await value('SELECT count(*) FROM spans')), 5);
});

test('a listener that was taken away hears of no more commits', async (context) => {
  const { accept, store } = await openTempStore(context);
  let heard = 0;
  const stop = store.onCommit(() => heard++);
  await accept(spans('a', 1));
  stop();
  await accept(spans('a', 1));
  assert.equal(heard, 1);
});

const progress = (sequence: number, journalId = 'a'.repeat(32)): Progress => ({
  journalId,
  sequence,
  itemsBefore: sequence * 10,
  startItems: 0,
  counts: { ...NOTHING_SETTLED, delivered: sequence * 10 },
  tenants: {},
  aheadItems: 0,
});

test('progress is kept with the rows, for each signal and journal, over restarts', async (context) => {
  const folder = await makeTempFolder(context);
  const first = await openTempStore(context, { folder });
  assert.equal(await first.store.loadProgress('traces', 'a'.repeat(32)), null);
  await first.store.write([spans('a', 3)], { signal: 'traces', progress: progress(4) });
  await first.store.write([spans('a', 3)], { signal: 'traces', progress: progress(7) });
  await first.store.write([], { signal: 'logs', progress: progress(2) });
  await first.close();
  const second = await openTempStore(context, { folder });
  assert.deepEqual(await second.store.loadProgress('traces', 'a'.repeat(32)), progress(7));
  assert.deepEqual(await second.store.loadProgress('logs', 'a'.repeat(32)), progress(2));
  assert.equal(await second.store.loadProgress('traces', 'b'.repeat(32)), null);
  assert.equal(await second.store.loadProgress('metrics', 'a'.repeat(32)), null);
});

test('the furthest progress counts when days have their own', async (context) => {
  const temp = await openTempStore(context);
  const tomorrow = EPOCH + 86_400n * SECOND;
  const late = tracesPayload({ service: 'a', arrived: tomorrow }, [
    { trace: TRACE, span: '00000000000000aa', start: EPOCH },
  ]);
  await temp.store.write([spans('a', 1)], { signal: 'traces', progress: progress(3) });
  await temp.store.write([late], { signal: 'traces', progress: progress(5) });
  assert.equal((await temp.store.loadProgress('traces', 'a'.repeat(32)))?.sequence, 5);
});

test('a closed store refuses', async (context) => {
  const { close, store } = await openTempStore(context);
  await close();
  await assert.rejects(store.write([spans('c', 1)]), /closed/);
});

test('readers see whole requests only, and are answered, while it writes', async (context) => {
  const { store, value } = await openTempStore(context);
  const writing = Promise.all(Array.from({ length: 20 }, () => store.write([spans('a', 500)])));
  let finished = false;
  void writing.then(() => {
    finished = true;
  });
  let reads = 0;
  while (!finished) {
    assert.equal(Number(await value('SELECT count(*) FROM spans')) % 500, 0);
    reads++;
  }
  assert.ok(reads > 0);
  assert.equal(Number(await value('SELECT count(*) FROM spans')), 10_000);
});

test('rows of one resource, scope and series are written once for a file', async (context) => {
  const { accept, value } = await openTempStore(context);
  const points = () =>
    metricsPayload({ service: 'a', scope: 's' }, [
      { name: 'm', gauge: { dataPoints: [{ timeUnixNano: EPOCH, asDouble: 1.5 }] } },
    ]);
  await accept(points(), points(), points());
  for (const table of ['resources', 'scopes', 'series']) {
    assert.equal(Number(await value(`SELECT count(*) FROM ${table}`)), 1, table);
  }
  assert.equal(Number(await value('SELECT count(*) FROM points JOIN series USING (series_id)')), 3);
});

test('a failed transaction leaves nothing behind, is reported, and the next one is whole', async (context) => {
  const { connection, database, handle, partitions } = await openFiles(context);
  let failing = true;
  const failures: Error[] = [];
  const flaky = {
    run: (sql: string) =>
      failing && sql === 'COMMIT' ? Promise.reject(new Error('no space left')) : connection.run(sql),
  } as unknown as DuckDBConnection;
  const writer = createWriter({
    connection: flaky,
    handle,
    partitions,
    today: () => '2026-03-04',
    onCommit: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  context.after(async () => {
    await writer.close();
    connection.closeSync();
    database.close();
  });
  const failed = writer.write([spans('a', 3000)], { signal: 'traces', progress: progress(9) });
  await assert.rejects(failed, /no space left/);
  assert.match(failures[0]!.message, /no space left/);
  failing = false;
  await writer.write([spans('a', 2500)], null);
  const saved = await connection.runAndReadAll('SELECT count(*) FROM progress');
  assert.deepEqual(saved.getRowsJson(), [['0']]);
  const rows = await connection.runAndReadAll(`SELECT
    (SELECT count(*) FROM spans), (SELECT count(*) FROM resources),
    (SELECT count(*) FROM spans JOIN resources USING (resource_id) JOIN scopes USING (scope_id))`);
  assert.deepEqual(rows.getRowsJson(), [['2500', '1', '2500']]);
});

test('a log without a time is placed by its observed time, and without that by its arrival', async (context) => {
  const { accept, store } = await openTempStore(context);
  await accept(
    logsPayload({ arrived: EPOCH }, [
      { body: 'own', time: EPOCH - 3n * SECOND, more: { observedTimeUnixNano: EPOCH - SECOND } },
      { body: 'observed', more: { observedTimeUnixNano: EPOCH - 2n * SECOND } },
      { body: 'none' },
    ]),
  );
  const rows = await store.read(
    'SELECT body::VARCHAR AS body, at_unix_nano AS at FROM logs ORDER BY at_unix_nano',
    {},
  );
  assert.deepEqual(rows, [
    { body: '"own"', at: String(EPOCH - 3n * SECOND) },
    { body: '"observed"', at: String(EPOCH - 2n * SECOND) },
    { body: '"none"', at: String(EPOCH) },
  ]);
});
