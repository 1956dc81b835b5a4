import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Payload } from '#core/payload.ts';
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

test('a payload is accepted only once a reader sees its rows', async (context) => {
  const { store, value } = await openTempStore(context);
  const outcomes = [spans('a', 3), spans('b', 2)].map(async (payload) => {
    const outcome = await store.offer(payload);
    return { outcome, seen: Number(await value('SELECT count(*) FROM spans')) };
  });
  for (const { outcome, seen } of await Promise.all(outcomes)) {
    assert.deepEqual(outcome, { kind: 'accepted' });
    assert.equal(seen, 5);
  }
});

test('offers that come together share one commit', async (context) => {
  const { store } = await openTempStore(context, { config: { commit_interval_ms: 20 } });
  const commits: number[] = [];
  store.onCommit((payloads) => commits.push(payloads.length));
  await Promise.all(Array.from({ length: 7 }, () => store.offer(spans('a', 1))));
  assert.deepEqual(commits, [7]);
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

test('when too much waits for the disk senders are told when to come back, and what waits is kept', async (context) => {
  const one = spans('a', 100);
  const { store, value } = await openTempStore(context, {
    config: { queue_max_bytes: one.bytes.length * 2, commit_interval_ms: 20 },
  });
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => store.offer(one)));
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['accepted', 'accepted', 'retry_after', 'retry_after'],
  );
  const refused = outcomes[3]!;
  assert.ok(refused.kind === 'retry_after' && refused.seconds > 0 && refused.reason !== '');
  assert.equal(store.stats().queuedBytes, 0);
  assert.equal(Number(await value('SELECT count(*) FROM spans')), 200);
  assert.equal((await store.offer(one)).kind, 'accepted');
});

test('one payload larger than the queue is taken when nothing waits', async (context) => {
  const one = spans('a', 50);
  const { accept } = await openTempStore(context, { config: { queue_max_bytes: 10 } });
  await accept(one);
});

test('closing commits what is queued and refuses what comes after', async (context) => {
  const folder = await makeTempFolder(context);
  const first = await openTempStore(context, { folder, config: { commit_interval_ms: 5000 } });
  const queued = [first.store.offer(spans('a', 3)), first.store.offer(spans('b', 4))];
  await first.close();
  assert.deepEqual(await Promise.all(queued), [{ kind: 'accepted' }, { kind: 'accepted' }]);
  assert.equal((await first.store.offer(spans('c', 1))).kind, 'retry_after');
  const second = await openTempStore(context, { folder });
  assert.equal(Number(await second.value('SELECT count(*) FROM spans')), 7);
  await second.close();
});

test('readers see whole requests only, and are answered, while it writes', async (context) => {
  const { store, value } = await openTempStore(context);
  const writing = Promise.all(Array.from({ length: 20 }, () => store.offer(spans('a', 500))));
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
  const writer = createWriter(
    { commit_interval_ms: 0, queue_max_bytes: 1e9 },
    {
      connection: flaky,
      handle,
      partitions,
      onCommit: () => undefined,
      onFailure: (error) => failures.push(error),
    },
  );
  context.after(async () => {
    await writer.close();
    connection.closeSync();
    database.close();
  });
  const refused = await writer.offer(spans('a', 3000));
  assert.equal(refused.kind, 'retry_after');
  assert.match(failures[0]!.message, /no space left/);
  failing = false;
  assert.equal((await writer.offer(spans('a', 2500))).kind, 'accepted');
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
