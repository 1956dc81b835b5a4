import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '#core/errors.ts';
import { makeTempFolder, STORE_CONFIG } from '#test/support/temp-store.ts';
import { openDuckDb } from './duckdb.ts';
import { createReader, type Reader } from './reader.ts';

/** Would run for hours. */
const ENDLESS = 'SELECT count(*) FROM range(10000000000) a(i), range(1000) b(j) WHERE (i * j) % 7 = 3';

interface Limits {
  connections?: number;
  timeoutMs?: number;
  maxWaiting?: number;
}

async function openReader(
  context: TestContext,
  limits: Limits = {},
): Promise<{ reader: Reader; errors: Error[] }> {
  const database = await openDuckDb(await makeTempFolder(context), STORE_CONFIG);
  const errors: Error[] = [];
  const config = { connections: 1, timeoutMs: 60_000, maxWaiting: 2, ...limits };
  const reader = await createReader(database, config, (error) => errors.push(error));
  context.after(async () => {
    await reader.close();
    database.close();
  });
  return { reader, errors };
}

test('a query that takes too long is stopped, and the connection goes on to serve', async (context) => {
  const { reader, errors } = await openReader(context, { timeoutMs: 50 });
  await assert.rejects(reader.read(ENDLESS, {}), InterruptedError);
  assert.deepEqual(await reader.read('SELECT 1 AS one', {}), [{ one: 1 }]);
  assert.deepEqual(errors, []);
});

for (const [when, wait] of [
  ['at once', async () => undefined],
  ['in the next turn', () => sleep(0)],
  ['while it runs', () => sleep(60)],
] as const) {
  test(`a query whose reader goes away ${when} is stopped, and the connection goes on to serve`, async (context) => {
    const { reader } = await openReader(context);
    for (let round = 0; round < 5; round++) {
      const gone = new AbortController();
      const read = reader.read(ENDLESS, {}, gone.signal);
      const stopped = assert.rejects(read, InterruptedError);
      await wait();
      gone.abort();
      await stopped;
    }
    assert.deepEqual(await reader.read('SELECT 2 AS two', {}), [{ two: 2 }]);
  });
}

test('lists of text are parameters too', async (context) => {
  const { reader } = await openReader(context);
  const sql = 'SELECT list_contains($names, $name) AS found, len($names) AS count';
  const names = ["it's", 'b'];
  assert.deepEqual(await reader.read(sql, { names, name: "it's" }), [{ found: true, count: '2' }]);
  assert.deepEqual(await reader.read(sql, { names: [], name: 'b' }), [{ found: false, count: '0' }]);
});

test('a query of a reader that has gone before is not begun', async (context) => {
  const { reader } = await openReader(context);
  await assert.rejects(reader.read(ENDLESS, {}, AbortSignal.abort()), InterruptedError);
});

test('queries beyond the connections wait their turn, and beyond the waiting room are refused', async (context) => {
  const { reader } = await openReader(context, { connections: 1, maxWaiting: 2 });
  const gone = new AbortController();
  const long = assert.rejects(reader.read(ENDLESS, {}, gone.signal), InterruptedError);
  const waiting = [reader.read('SELECT 1 AS n', {}), reader.read('SELECT 2 AS n', {})];
  await assert.rejects(reader.read('SELECT 3 AS n', {}), /too many queries are waiting/);
  gone.abort();
  await long;
  assert.deepEqual(await Promise.all(waiting), [[{ n: 1 }], [{ n: 2 }]]);
});

test('closing stops what runs and what waits', async (context) => {
  const { reader } = await openReader(context, { connections: 2 });
  const reads = Array.from({ length: 4 }, () => assert.rejects(reader.read(ENDLESS, {}), InterruptedError));
  await sleep(20);
  await reader.close();
  await Promise.all(reads);
  await assert.rejects(reader.read('SELECT 1', {}), /the store is stopping/);
});

test('an error of a query is thrown and reported', async (context) => {
  const { reader, errors } = await openReader(context);
  await assert.rejects(reader.read('SELECT * FROM nowhere', {}), /nowhere/);
  assert.match(errors[0]!.message, /nowhere/);
});

test('integers of 64 and 128 bits go in and out exactly', async (context) => {
  const { reader } = await openReader(context);
  const [row] = await reader.read('SELECT $a::UBIGINT AS a, $b::UHUGEINT AS b, $c::VARCHAR AS c, $d AS d', {
    a: 2n ** 64n - 1n,
    b: 2n ** 128n - 1n,
    c: null,
    d: "it's",
  });
  assert.deepEqual(row, { a: String(2n ** 64n - 1n), b: String(2n ** 128n - 1n), c: null, d: "it's" });
});
