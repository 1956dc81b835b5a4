import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Payload } from '#core/payload.ts';
import type { ServiceResult } from '#query/results.ts';
import { keyValues, metricsPayload, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { fromOf, type OpenBackend, type QueryBackend } from './backend.ts';
import { createIds } from './ids.ts';

const MS = 1_000_000n;
const CUMULATIVE = 2;

interface Requests {
  count: number;
  method?: string;
  route?: string;
  /** How many of the first ones failed. */
  errors?: number;
  namespace?: string;
}

/** Requests of 1, 2, ... `count` ms to one service, one a second, as what the back end counts them by. */
function requests(backend: QueryBackend, service: string, sent: Requests): Payload {
  const { count, errors = 0, method = 'GET', namespace, route = '/' } = sent;
  const resource = namespace === undefined ? {} : { 'service.namespace': namespace };
  const from = fromOf(backend, { service: ownName(backend, service), resource });
  if (backend.keeps.requestsFrom === 'spans') {
    const id = createIds();
    return tracesPayload(
      from,
      Array.from({ length: count }, (_, n) => ({
        trace: id(n + 1),
        span: `${n + 1}`.padStart(16, '0'),
        parent: 'ffffffffffffffff',
        kind: 2,
        name: `${method} ${route}`,
        status: n < errors ? 2 : 1,
        start: backend.epoch + BigInt(n) * SECOND,
        end: backend.epoch + BigInt(n) * SECOND + BigInt(n + 1) * MS,
      })),
    );
  }
  const attributes = { 'http.request.method': method, 'http.route': route };
  const dataPoints = [
    ...cumulative(backend, { from: 0, to: errors }, { ...attributes, 'http.response.status_code': 503n }),
    ...cumulative(backend, { from: errors, to: count }, { ...attributes, 'http.response.status_code': 200n }),
  ];
  return metricsPayload(from, [
    {
      name: 'http.server.request.duration',
      unit: 's',
      histogram: { dataPoints, aggregationTemporality: CUMULATIVE },
    },
  ]);
}

/** After each request a point that counts all so far, in buckets of a millisecond. */
function cumulative(
  backend: QueryBackend,
  { from, to }: { from: number; to: number },
  attributes: Parameters<typeof keyValues>[0],
): object[] {
  const explicitBounds = Array.from({ length: 101 }, (_, n) => (n + 1) / 1000);
  const bucketCounts = new Array<number>(102).fill(0);
  let sum = 0;
  return Array.from({ length: to - from }, (_, index) => {
    const n = from + index;
    bucketCounts[n]! += 1;
    sum += (n + 1) / 1000;
    return {
      startTimeUnixNano: backend.epoch,
      timeUnixNano: backend.epoch + BigInt(n) * SECOND,
      count: String(index + 1),
      sum,
      explicitBounds,
      bucketCounts: bucketCounts.map(String),
      attributes: keyValues(attributes),
    };
  });
}

function ownName({ run }: QueryBackend, service: string): string {
  return `${service}-${run}`;
}

/** The services of this test by the names it gave them. */
async function ask(
  backend: QueryBackend,
  request: { points: number; service?: string | undefined },
): Promise<ServiceResult[]> {
  const range = { from: backend.epoch, to: backend.epoch + 100n * SECOND };
  const service = request.service === undefined ? null : ownName(backend, request.service);
  const { services } = await backend.query.services({ range, service, points: request.points }, NEVER);
  const suffix = ownName(backend, '');
  return services
    .filter((one) => one.service.endsWith(suffix))
    .map((one) => ({ ...one, service: one.service.slice(0, -suffix.length) }));
}

function isNear(actual: number | null, expected: number, within: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);
}

/** What a list of services must show, whoever counts their requests. */
export function servicesContract(open: OpenBackend): void {
  test('rate, error ratio and quantiles are those of the requests in the range', async (context) => {
    const backend = await open(context);
    const { quantileError } = backend.keeps;
    await backend.accept(requests(backend, 'shop', { count: 101, errors: 25 }));
    const [shop, ...others] = await ask(backend, { points: 10 });
    assert.deepEqual(others, []);
    // The request of second 100 is not in the range: 1 to 100 ms are, whose quantiles lie between two of them.
    assert.equal(shop!.requests, 100);
    assert.equal(shop!.requestsPerSecond, 1);
    assert.equal(shop!.errors, 25);
    assert.equal(shop!.errorRatio, 0.25);
    isNear(shop!.p50Ms, 50.5, quantileError);
    isNear(shop!.p95Ms, 95.05, quantileError);
    isNear(shop!.p99Ms, 99.01, quantileError);
    assert.equal(shop!.lastSeenUnixNano, String(backend.epoch + 99n * SECOND));
    assert.deepEqual(shop!.sparkline.requests, new Array(10).fill(10));
    assert.deepEqual(shop!.sparkline.errors, [10, 10, 5, 0, 0, 0, 0, 0, 0, 0]);
    isNear(shop!.sparkline.p95Ms[0]!, 9.55, quantileError);
    assert.equal(shop!.sparkline.stepSeconds, 10);
    assert.equal(shop!.sparkline.startUnixNano, String(backend.epoch));
    assert.equal(shop!.spans, backend.keeps.requestsFrom === 'spans' ? 100 : null);
  });

  test('operations are told apart by method and route, with their own figures', async (context) => {
    const backend = await open(context);
    await backend.accept(
      requests(backend, 'a', { count: 4, errors: 1 }),
      requests(backend, 'a', { count: 3, method: 'POST', route: '/orders/:id' }),
      requests(backend, 'b', { count: 9 }),
    );
    const services = await ask(backend, { points: 1 });
    assert.deepEqual(
      services.map(({ errors, requests: count, service }) => [service, count, errors]),
      [
        ['b', 9, 0],
        ['a', 7, 1],
      ],
    );
    const operations = services[1]!.operations.map(({ errorRatio, kind, operation, requests: count }) => [
      operation,
      kind,
      count,
      errorRatio,
    ]);
    assert.deepEqual(operations, [
      ['GET /', 'SERVER', 4, 0.25],
      ['POST /orders/:id', 'SERVER', 3, 0],
    ]);
  });

  test('a service in two namespaces is one, with the requests of both', async (context) => {
    const backend = await open(context);
    const { quantileError } = backend.keeps;
    await backend.accept(
      requests(backend, 'shop', { count: 60, errors: 10, namespace: 'eu' }),
      requests(backend, 'shop', { count: 40, errors: 5, namespace: 'us' }),
    );
    for (const service of [undefined, 'shop']) {
      const [shop, ...others] = await ask(backend, { points: 1, service });
      assert.deepEqual(others, []);
      assert.deepEqual([shop!.requests, shop!.errors, shop!.errorRatio], [100, 15, 0.15]);
      // 1 to 40 ms twice, then 41 to 60 ms.
      isNear(shop!.p50Ms, 25.5, quantileError);
      isNear(shop!.p95Ms, 55.05, quantileError);
      isNear(shop!.sparkline.p95Ms[0]!, 55.05, quantileError);
      assert.equal(shop!.lastSeenUnixNano, String(backend.epoch + 59n * SECOND));
      assert.deepEqual(
        shop!.operations.map(({ errors, operation, requests: count }) => [operation, count, errors]),
        [['GET /', 100, 15]],
      );
    }
    const [steps] = await ask(backend, { points: 10 });
    assert.deepEqual(steps!.sparkline.requests, [20, 20, 20, 20, 10, 10, 0, 0, 0, 0]);
    assert.deepEqual(steps!.sparkline.errors, [15, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('steps without requests have none, and no quantiles', async (context) => {
    const backend = await open(context);
    await backend.accept(requests(backend, 'busy', { count: 1 }));
    const [busy] = await ask(backend, { points: 2 });
    assert.deepEqual(busy!.sparkline.requests, [1, 0]);
    const [first, second] = busy!.sparkline.p95Ms;
    isNear(first!, 1, backend.keeps.quantileError);
    assert.equal(second, null);
  });

  test('a service that is known otherwise is listed without figures', async (context) => {
    const backend = await open(context);
    const gauge = {
      name: 'some.gauge',
      gauge: { dataPoints: [{ timeUnixNano: backend.epoch, asInt: '1' }] },
    };
    const from = fromOf(backend, { service: ownName(backend, 'quiet') });
    const span = {
      trace: createIds()(1),
      span: 'a'.repeat(16),
      parent: 'b'.repeat(16),
      kind: 3,
      start: backend.epoch,
    };
    await backend.accept(
      backend.keeps.requestsFrom === 'spans' ? tracesPayload(from, [span]) : metricsPayload(from, [gauge]),
      requests(backend, 'busy', { count: 1 }),
    );
    const services = await ask(backend, { points: 2 });
    const quiet = services.find(({ service }) => service === 'quiet')!;
    assert.deepEqual([quiet.requests, quiet.errorRatio, quiet.p50Ms, quiet.p99Ms], [0, 0, null, null]);
    assert.deepEqual(quiet.sparkline.requests, [0, 0]);
    assert.deepEqual(quiet.operations, []);
    assert.equal(services[0]!.service, 'busy');
  });

  test('every service has a name, also when something came without one', async (context) => {
    const backend = await open(context);
    const span = { trace: createIds()(1), span: 'a'.repeat(16), kind: 2, start: backend.epoch };
    await backend.accept(tracesPayload(fromOf(backend), [span]), requests(backend, 'busy', { count: 1 }));
    const range = { from: backend.epoch, to: backend.epoch + 100n * SECOND };
    const { services } = await backend.query.services({ range, service: null, points: 1 }, NEVER);
    const names = services.map(({ service }) => service);
    assert.ok(names.includes(ownName(backend, 'busy')));
    assert.ok(names.every((name) => typeof name === 'string' && name !== ''));
  });

  test('one service can be asked for by name; its operations beyond 50 are counted', async (context) => {
    const backend = await open(context);
    const many = Array.from({ length: 60 }, (_, n) =>
      requests(backend, 'many', { count: 1, route: `/op/${n}` }),
    );
    await backend.accept(...many, requests(backend, 'other', { count: 1 }));
    const services = await ask(backend, { points: 1, service: 'many' });
    assert.deepEqual(
      services.map(({ service }) => service),
      ['many'],
    );
    assert.equal(services[0]!.operations.length, 50);
    assert.equal(services[0]!.operationsTotal, 60);
  });
}
