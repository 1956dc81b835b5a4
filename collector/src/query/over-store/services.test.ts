import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EPOCH, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore } from '#test/support/temp-store.ts';

const MS = 1_000_000n;
const RANGE = { from: EPOCH, to: EPOCH + 100n * SECOND };

/** Spans of 1, 2, ... `count` ms, one a second, of one service. */
function requests(service: string, count: number, more: { kind?: number; name?: string; errors?: number }) {
  return tracesPayload(
    { service },
    Array.from({ length: count }, (_, n) => ({
      trace: `${service.charCodeAt(0)}${n + 1}`.padStart(32, '0'),
      span: `${n + 1}`.padStart(16, '0'),
      parent: 'ffffffffffffffff',
      kind: more.kind ?? 2,
      name: more.name ?? 'GET /',
      status: n < (more.errors ?? 0) ? 2 : 1,
      start: EPOCH + BigInt(n) * SECOND,
      end: EPOCH + BigInt(n) * SECOND + BigInt(n + 1) * MS,
    })),
  );
}

test('rate, error ratio and quantiles are those of the requests in the range', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(requests('shop', 101, { errors: 25 }));
  const { services, servicesTotal } = await temp.query.services(
    { range: RANGE, service: null, points: 10 },
    NEVER,
  );
  const [shop] = services;
  assert.equal(servicesTotal, 1);
  // The span of second 100 is not in the range: 1 to 100 ms are, whose quantiles lie between two of them.
  assert.equal(shop!.requests, 100);
  assert.equal(shop!.requestsPerSecond, 1);
  assert.equal(shop!.errors, 25);
  assert.equal(shop!.errorRatio, 0.25);
  assert.equal(shop!.p50Ms, 50.5);
  assert.ok(Math.abs(shop!.p95Ms! - 95.05) < 1e-9);
  assert.ok(Math.abs(shop!.p99Ms! - 99.01) < 1e-9);
  assert.equal(shop!.lastSeenUnixNano, String(EPOCH + 99n * SECOND));
  assert.deepEqual(shop!.sparkline.requests, new Array(10).fill(10));
  assert.deepEqual(shop!.sparkline.errors, [10, 10, 5, 0, 0, 0, 0, 0, 0, 0]);
  assert.ok(Math.abs(shop!.sparkline.p95Ms[0]! - 9.55) < 1e-9);
  assert.equal(shop!.sparkline.stepSeconds, 10);
  assert.equal(shop!.sparkline.startUnixNano, String(EPOCH));
});

test('requests are server and consumer spans and roots of any kind; other spans only count as spans', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(
    requests('a', 4, { kind: 2 }),
    requests('a', 3, { kind: 5, name: 'orders process' }),
    requests('a', 9, { kind: 3, name: 'call', errors: 9 }),
    requests('b', 5, { kind: 1 }),
    tracesPayload({ service: 'b' }, [{ trace: 'b'.repeat(32), span: 'c'.repeat(16), start: EPOCH, kind: 1 }]),
  );
  const { services } = await temp.query.services({ range: RANGE, service: null, points: 1 }, NEVER);
  assert.deepEqual(
    services.map(({ errors, requests: count, service, spans }) => ({ service, count, errors, spans })),
    [
      { service: 'a', count: 7, errors: 0, spans: 16 },
      { service: 'b', count: 1, errors: 0, spans: 6 },
    ],
  );
  const operations = services[0]!.operations.map(({ kind, operation, requests: count }) => [
    operation,
    kind,
    count,
  ]);
  assert.deepEqual(operations, [
    ['GET /', 'SERVER', 4],
    ['orders process', 'CONSUMER', 3],
  ]);
});

test('a service without requests has no quantiles, and steps without requests have none', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(requests('quiet', 2, { kind: 3 }), requests('busy', 1, {}));
  const { services } = await temp.query.services({ range: RANGE, service: null, points: 2 }, NEVER);
  const quiet = services.find(({ service }) => service === 'quiet')!;
  assert.deepEqual([quiet.requests, quiet.errorRatio, quiet.p50Ms, quiet.p99Ms], [0, 0, null, null]);
  const busy = services.find(({ service }) => service === 'busy')!;
  assert.deepEqual(busy.sparkline.p95Ms, [1, null]);
});

test('one service can be asked for by name; its operations beyond 50 are counted', async (context) => {
  const temp = await openTempStore(context);
  const many = Array.from({ length: 60 }, (_, n) => requests('many', 1, { name: `op ${n}` }));
  await temp.accept(...many, requests('other', 1, {}));
  const { services } = await temp.query.services({ range: RANGE, service: 'many', points: 1 }, NEVER);
  assert.deepEqual(
    services.map(({ service }) => service),
    ['many'],
  );
  assert.equal(services[0]!.operations.length, 50);
  assert.equal(services[0]!.operationsTotal, 60);
});
