import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thresholdOf, weightOf, withThreshold } from '#otlp/tracestate.ts';
import { EPOCH, SECOND, type SpanInput, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore, type TempStore } from '#test/support/temp-store.ts';

const RANGE = { from: EPOCH, to: EPOCH + 100n * SECOND };
const TENTH = withThreshold('', thresholdOf(0.1));
const WEIGHT = weightOf(TENTH);
const SLOW_MS = 1500;

interface Request {
  name: string;
  second: number;
  ms: number;
  failed: boolean;
  /** '' for a request that is there for certain. */
  traceState: string;
}

/** Numbers from 0 up to, not including, 1; the same at each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

const request = (more: Partial<Request>): Request => ({
  name: 'GET /',
  second: 0,
  ms: 1,
  failed: false,
  traceState: '',
  ...more,
});

/** Requests of three operations over a hundred seconds; one of fifty fails, and a few are slow. */
function manyRequests(count: number, random: () => number): Request[] {
  return Array.from({ length: count }, () =>
    request({
      name: `GET /${Math.floor(random() * 3)}`,
      second: Math.floor(random() * 100),
      ms: 5 + 2000 * random() ** 4,
      failed: random() < 0.02,
    }),
  );
}

/** A tenth, but all that failed or were slow, as a sampler leaves them. */
function sampled(requests: readonly Request[], random: () => number): Request[] {
  return requests
    .map((one) => (one.failed || one.ms > SLOW_MS ? one : { ...one, traceState: TENTH }))
    .filter(({ traceState }) => traceState === '' || random() < 1 / WEIGHT);
}

async function accept(temp: TempStore, service: string, requests: readonly Request[]): Promise<void> {
  const spans = requests.map(
    ({ failed, ms, name, second, traceState }, index): SpanInput => ({
      trace: `${index + 1}`.padStart(32, '0'),
      span: `${index + 1}`.padStart(16, '0'),
      parent: 'ffffffffffffffff',
      kind: 2,
      name,
      status: failed ? 2 : 0,
      start: EPOCH + BigInt(second) * SECOND,
      end: EPOCH + BigInt(second) * SECOND + BigInt(Math.round(ms * 1e6)),
      more: { traceState },
    }),
  );
  for (let at = 0; at < spans.length; at += 2000) {
    await temp.accept(tracesPayload({ service }, spans.slice(at, at + 2000)));
  }
}

async function ask(temp: TempStore, points = 10) {
  const { services } = await temp.query.services({ range: RANGE, service: null, points }, NEVER);
  return new Map(services.map((one) => [one.service, one]));
}

const quantilesOf = (one: { p50Ms: number | null; p95Ms: number | null; p99Ms: number | null }) =>
  [one.p50Ms, one.p95Ms, one.p99Ms].map(Number);

function isNear(actual: number, expected: number, within: number): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected} by ${within}`);
}

/** What share of the requests took at most as long. */
const rankOf = (requests: readonly Request[], ms: number) =>
  requests.filter((one) => one.ms <= ms).length / requests.length;

/** Figures of a tenth of `requests` are within `errors` standard errors of their own. */
function isAsSampled(figures: Figures, requests: readonly Request[], errors: number): void {
  const failed = requests.filter((one) => one.failed).length;
  const thinned = requests.filter((one) => !one.failed && one.ms <= SLOW_MS).length;
  const standardError = Math.sqrt(thinned * (WEIGHT - 1));
  assert.equal(figures.errors, failed);
  assert.ok(Number.isInteger(figures.requests));
  isNear(figures.requests, requests.length, errors * standardError);
  isNear(figures.errorRatio, failed / requests.length, failed / (requests.length / (errors * standardError)));
  for (const [index, share] of [0.5, 0.95, 0.99].entries()) {
    const error = Math.sqrt((share * (1 - share) * WEIGHT) / requests.length);
    isNear(rankOf(requests, quantilesOf(figures)[index]!), share, errors * error);
  }
}

type Figures = { requests: number; errors: number; errorRatio: number } & Parameters<typeof quantilesOf>[0];

test('figures of a tenth, errors and slow ones kept, are those of the whole within the sampling error', async (context) => {
  const temp = await openTempStore(context);
  const random = seeded(11);
  const all = manyRequests(20_000, random);
  const kept = sampled(all, random);
  assert.ok(kept.length < 0.25 * all.length);
  await accept(temp, 'whole', all);
  await accept(temp, 'thinned', kept);
  const services = await ask(temp);
  const [whole, thinned] = [services.get('whole')!, services.get('thinned')!];
  assert.equal(whole.requests, 20_000);
  context.diagnostic(
    `${kept.length} kept; requests ${thinned.requests}, errors ${thinned.errors} of ${whole.errors}, ` +
      `quantiles ${quantilesOf(thinned)} of ${quantilesOf(whole)}`,
  );
  isAsSampled(whole, all, 0.01);
  isAsSampled(thinned, all, 3);
  assert.equal(thinned.spans, thinned.requests);
  isNear(thinned.requestsPerSecond, thinned.requests / 100, 0.01);
  assert.equal(thinned.operationsTotal, 3);
  for (const operation of thinned.operations) {
    isAsSampled(
      operation,
      all.filter(({ name }) => name === operation.operation),
      3,
    );
  }
});

test('so are those of each step, and what steps count adds up', async (context) => {
  const temp = await openTempStore(context);
  const random = seeded(12);
  const all = manyRequests(20_000, random);
  await accept(temp, 'thinned', sampled(all, random));
  const thinned = (await ask(temp)).get('thinned')!;
  for (const [step, count] of thinned.sparkline.requests.entries()) {
    const own = all.filter(({ second }) => Math.floor(second / 10) === step);
    isNear(count, own.length, 3 * Math.sqrt(own.length * (WEIGHT - 1)));
    assert.equal(thinned.sparkline.errors[step], own.filter(({ failed }) => failed).length);
    const error = Math.sqrt((0.95 * 0.05 * WEIGHT) / own.length);
    isNear(rankOf(own, thinned.sparkline.p95Ms[step]!), 0.95, 3 * error);
  }
  const sum = thinned.sparkline.requests.reduce((a, b) => a + b, 0);
  isNear(sum, thinned.requests, 0.51);
});

test('a span that stands for four counts and ranks as four would', async (context) => {
  const temp = await openTempStore(context);
  const random = seeded(13);
  const states = ['', 'ot=th:8', 'ot=th:c'];
  const weighted = Array.from({ length: 40 }, (_, index) =>
    request({
      ms: Math.round(1.01 ** index * 1e6) / 1e6,
      second: index,
      failed: index % 7 === 0,
      traceState: states[Math.floor(random() * 3)]!,
    }),
  );
  const each = weighted.flatMap((one) =>
    new Array<Request>(weightOf(one.traceState)).fill({ ...one, traceState: '' }),
  );
  await accept(temp, 'weighted', weighted);
  await accept(temp, 'each', each);
  const services = await ask(temp);
  const [left, right] = ['weighted', 'each'].map((name) => {
    const { service: _service, ...one } = services.get(name)!;
    return JSON.stringify(one, (_, value) =>
      typeof value === 'number' ? Math.round(value * 1e9) / 1e9 : value,
    );
  });
  assert.equal(left, right);
});

test('where nothing is sampled figures are exact, also beside services and steps that are', async (context) => {
  const temp = await openTempStore(context);
  const all = manyRequests(3000, seeded(14));
  await accept(temp, 'whole', all);
  const alone = (await ask(temp)).get('whole');
  await accept(temp, 'thinned', [request({ traceState: TENTH, second: 5, ms: 10 })]);
  await accept(
    temp,
    'thinned',
    [1, 2, 5].map((ms) => request({ second: 50, ms: ms / 3 })),
  );
  const services = await ask(temp);
  assert.deepEqual(services.get('whole'), alone);
  const { p95Ms, requests } = services.get('thinned')!.sparkline;
  assert.deepEqual(requests, [9.999, 0, 0, 0, 0, 3, 0, 0, 0, 0]);
  assert.deepEqual([p95Ms[0], p95Ms[1]], [10, null]);
  isNear(p95Ms[5]!, (2 + 0.9 * 3) / 3, 1e-6);
  assert.equal(services.get('thinned')!.requests, 13);
});

test('weights of other spans are no requests; a weight beyond belief breaks no answer', async (context) => {
  const temp = await openTempStore(context);
  await accept(temp, 'huge', [request({ traceState: 'ot=th:ffffffffffffff', ms: 3 }), request({ ms: 2 })]);
  await temp.accept(
    tracesPayload({ service: 'inner' }, [
      {
        trace: 'a'.repeat(32),
        span: 'b'.repeat(16),
        parent: 'c'.repeat(16),
        start: EPOCH,
        more: { traceState: 'ot=th:8' },
      },
    ]),
  );
  const services = await ask(temp);
  const { operations, requests, spans } = services.get('inner')!;
  assert.deepEqual({ operations, requests, spans }, { operations: [], requests: 0, spans: 2 });
  assert.deepEqual(
    [services.get('huge')!.requests, ...quantilesOf(services.get('huge')!)],
    [1_000_001, 3, 3, 3],
  );
});
