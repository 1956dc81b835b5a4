import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EPOCH, logsPayload, metricsPayload, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { makeTempFolder, openTempStore, type TempStore } from '#test/support/temp-store.ts';

const DAY = 86_400n * SECOND;
const MIB = 1024 * 1024;

function spans(arrived: bigint, count: number) {
  const ids = Array.from({ length: count }, (_, n) => `${n + 1}`);
  return tracesPayload(
    { service: 'a', arrived },
    ids.map((id) => ({
      trace: id.padStart(32, '2'),
      span: id.padStart(16, '0'),
      start: arrived,
      attributes: { text: `${Math.sin(Number(id))}`.repeat(20) },
    })),
  );
}

function gauge(arrived: bigint, points: number) {
  const dataPoints = Array.from({ length: points }, (_, n) => ({
    timeUnixNano: arrived + BigInt(n),
    asInt: n,
  }));
  return metricsPayload({ service: 'a', arrived }, [{ name: 'm', gauge: { dataPoints } }]);
}

/** The days of the files that are there, oldest first. */
const daysOf = (temp: TempStore) => temp.store.stats().days.map(({ day }) => day);
const total = (temp: TempStore) => temp.value('SELECT count(*) FROM spans').then(Number);

const expiredSpans = (spans: number) => [
  { signal: 'traces', reason: 'age', items: spans },
  { signal: 'metrics', reason: 'age', items: 0 },
  { signal: 'logs', reason: 'age', items: 0 },
];

async function threeDays(context: TestContext, folder: string, maxAgeDays: number): Promise<TempStore> {
  const temp = await openTempStore(context, {
    folder,
    config: { max_age_days: maxAgeDays },
    now: EPOCH - 4n * DAY,
  });
  for (const [ago, count] of [
    [4n, 1],
    [3n, 2],
    [1n, 4],
  ] as const)
    await temp.accept(spans(EPOCH - ago * DAY, count));
  return temp;
}

test('files older than max_age_days go, oldest first, and newer ones stay', async (context) => {
  const folder = await makeTempFolder(context);
  const temp = await threeDays(context, folder, 2);
  temp.clock.now = EPOCH;
  await temp.store.enforceRetention();
  assert.deepEqual(temp.reports.expired, [
    { name: '2026-02-28.1.duckdb', reason: 'age', items: expiredSpans(1) },
    { name: '2026-03-01.1.duckdb', reason: 'age', items: expiredSpans(2) },
  ]);
  assert.deepEqual(daysOf(temp), ['2026-03-03', '2026-03-04']);
  assert.equal(existsSync(join(folder, '2026-02-28.1.duckdb')), false);
  assert.equal(existsSync(join(folder, '2026-02-28.1.duckdb.wal')), false);
  assert.equal(await total(temp), 4);
  await temp.close();
});

test('a file is kept as long as something in it is younger than max_age_days', async (context) => {
  const temp = await openTempStore(context, { config: { max_age_days: 1 }, now: EPOCH - DAY });
  await temp.accept(spans(EPOCH - DAY, 3));
  temp.clock.now = EPOCH;
  await temp.store.enforceRetention();
  assert.equal(await total(temp), 3);
  temp.clock.now = EPOCH + DAY;
  await temp.store.enforceRetention();
  assert.equal(await total(temp), 0);
});

test('what went is counted by signal and reason, and the counts survive restarts', async (context) => {
  const folder = await makeTempFolder(context);
  const first = await openTempStore(context, { folder, config: { max_age_days: 1 }, now: EPOCH - 5n * DAY });
  const log = logsPayload({ arrived: EPOCH - 5n * DAY }, [{ body: 'a' }, { body: 'b' }]);
  await first.accept(spans(EPOCH - 5n * DAY, 7), log, gauge(EPOCH - 5n * DAY, 3));
  first.clock.now = EPOCH;
  await first.store.enforceRetention();
  const expected = [
    { signal: 'logs', reason: 'age', items: 2 },
    { signal: 'metrics', reason: 'age', items: 3 },
    { signal: 'traces', reason: 'age', items: 7 },
  ];
  const sorted = (temp: TempStore) =>
    temp.store.stats().expired.sort((a, b) => (a.signal < b.signal ? -1 : 1));
  assert.deepEqual(sorted(first), expected);
  await first.accept(spans(EPOCH, 5));
  await first.close();
  const second = await openTempStore(context, { folder, config: { max_age_days: 1 }, now: EPOCH });
  assert.deepEqual(sorted(second), expected);
  second.clock.now = EPOCH + 5n * DAY;
  await second.store.enforceRetention();
  assert.deepEqual(sorted(second), [...expected.slice(0, 2), { signal: 'traces', reason: 'age', items: 12 }]);
  await second.close();
});

test('when the files are too large together the oldest go until they are not, within a day too', async (context) => {
  const temp = await openTempStore(context, { config: { max_bytes: 3 * MIB } });
  for (let round = 0; round < 14; round++) {
    await temp.accept(spans(EPOCH + BigInt(round), 1500));
    await temp.store.enforceRetention();
    assert.ok(temp.store.stats().bytes <= 3 * MIB, `${temp.store.stats().bytes} bytes in round ${round}`);
  }
  const parts = temp.reports.expired.map(({ name }) => Number(name.split('.')[1]));
  assert.ok(parts.length > 1, 'nothing went');
  assert.deepEqual(
    parts,
    parts.map((_, index) => index + 1),
  );
  assert.ok(temp.reports.expired.every(({ reason }) => reason === 'size'));
  const kept = await temp.value('SELECT max(arrived_unix_nano) FROM spans');
  assert.equal(kept, String(EPOCH + 13n));
  assert.equal((await total(temp)) + temp.store.stats().expired[0]!.items, 14 * 1500);
});

test('the newest file is never dropped, however small the limits', async (context) => {
  const temp = await openTempStore(context, { config: { max_bytes: 1, max_age_days: 0.001 } });
  await temp.accept(spans(EPOCH, 10));
  await temp.store.enforceRetention();
  await temp.accept(spans(EPOCH, 10));
  assert.equal(await total(temp), 10);
  assert.equal(daysOf(temp).length, 1);
});

test('a file can go while a query reads it, and the query ends well', async (context) => {
  const temp = await openTempStore(context, { config: { max_age_days: 1 }, now: EPOCH - 5n * DAY });
  await temp.accept(spans(EPOCH - 5n * DAY, 3000));
  temp.clock.now = EPOCH;
  const slow = temp.store.read(
    'SELECT count(*) AS n FROM spans a, spans b WHERE a.span_id * b.span_id % 3 = 1 AND length(b.attributes::VARCHAR) > 0',
    {},
  );
  await temp.store.enforceRetention();
  assert.deepEqual(daysOf(temp), ['2026-03-04']);
  assert.ok(Number((await slow)[0]!.n) > 0);
  assert.equal(await total(temp), 0);
});
