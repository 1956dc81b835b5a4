import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import type { MetricRequest } from '#query/requests.ts';
import type { MetricDetail } from '#query/results.ts';
import {
  EPOCH as ARRIVAL,
  keyValues,
  metricsPayload,
  SECOND,
  type ValueMap,
} from '#test/support/otlp-payload.ts';
import { makeTempFolder, NEVER, openTempStore, type TempStore } from '#test/support/temp-store.ts';

/** A multiple of the steps, so that they begin with it. */
const EPOCH = ARRIVAL - (ARRIVAL % (60n * SECOND));
const at = (seconds: number) => EPOCH + BigInt(seconds) * SECOND;
const RANGE = { from: EPOCH, to: at(50) };
const CUMULATIVE = 2;
const DELTA = 1;

/** One point of a stream: seconds after the start of the range, and the fields of its kind. */
type Point = { t: number; start?: number; attributes?: ValueMap } & Record<string, unknown>;

function dataPoints(points: readonly Point[]): object[] {
  return points.map(({ attributes, start, t, ...fields }) => ({
    timeUnixNano: at(t),
    startTimeUnixNano: start === undefined ? undefined : at(start),
    attributes: keyValues(attributes),
    ...fields,
  }));
}

function metric(kind: string, points: readonly Point[], more: object = {}): object {
  return { name: 'm', unit: 's', [kind]: { dataPoints: dataPoints(points), ...more } };
}

async function keep(temp: TempStore, ...metrics: object[]): Promise<void> {
  for (const one of metrics) await temp.accept(metricsPayload({ service: 'a' }, [one]));
}

function ask(temp: TempStore, request: Partial<MetricRequest> = {}): Promise<MetricDetail | null> {
  const all = {
    range: RANGE,
    name: 'm',
    service: null,
    by: null,
    stat: null,
    stepSeconds: 10,
    attributes: [],
  };
  return temp.query.metric({ ...all, ...request }, NEVER);
}

/** The values of the only series. */
async function values(temp: TempStore, request: Partial<MetricRequest> = {}): Promise<(number | null)[]> {
  const detail = await ask(temp, request);
  assert.equal(detail!.series.length, 1);
  return detail!.series[0]!.points.map(([, value]) => value);
}

async function openWith(context: TestContext, ...metrics: object[]): Promise<TempStore> {
  const temp = await openTempStore(context);
  await keep(temp, ...metrics);
  return temp;
}

test('a gauge shows the last value of each step, and null where there was none', async (context) => {
  const points = [
    { t: 1, asDouble: 5 },
    { t: 9, asDouble: 1.5 },
    { t: 31, asInt: '-7' },
    { t: 40, flags: 1 },
  ];
  const temp = await openWith(context, metric('gauge', points));
  assert.deepEqual(await values(temp), [1.5, null, null, -7, null]);
  const detail = (await ask(temp))!;
  assert.deepEqual(
    detail.series[0]!.points.map(([seconds]) => seconds),
    [0, 10, 20, 30, 40].map((t) => Number(at(t) / SECOND)),
  );
  assert.deepEqual([detail.type, detail.stat, detail.unit], ['gauge', 'value', 's']);
});

test('a metric that nobody sent is null', async (context) => {
  assert.equal(await ask(await openTempStore(context)), null);
});

test('the rate of a cumulative sum is its growth a second, through resets of the sender', async (context) => {
  const sum = [
    { t: -5, start: -100, asInt: '100' },
    { t: 5, start: -100, asInt: '120' },
    { t: 15, start: -100, asInt: '120' },
    { t: 25, start: 20, asInt: '30' },
    { t: 35, start: 20, asInt: '50' },
    { t: 36, start: 20, asInt: '60' },
  ];
  const temp = await openWith(
    context,
    metric('sum', sum, { aggregationTemporality: CUMULATIVE, isMonotonic: true }),
  );
  assert.deepEqual(await values(temp), [2, 0, 3, 3, null]);
  assert.deepEqual(await values(temp, { stat: 'increase' }), [20, 0, 30, 30, null]);
});

test('a stream that began before the range and was never seen shows nothing for its first point', async (context) => {
  const sum = [
    { t: 5, start: -1000, asInt: '1000000' },
    { t: 15, start: -1000, asInt: '1000010' },
  ];
  const temp = await openWith(
    context,
    metric('sum', sum, { aggregationTemporality: CUMULATIVE, isMonotonic: true }),
  );
  assert.deepEqual(await values(temp), [null, 1, null, null, null]);
});

test('a restart of the store and a new day neither lose nor double what a cumulative sum grew', async (context) => {
  const folder = await makeTempFolder(context);
  const DAY = 86_400n * SECOND;
  for (const [n, asInt] of ['10', '30', '60', '100'].entries()) {
    const temp = await openTempStore(context, { folder });
    const sum = metric('sum', [{ t: n * 10 + 5, start: 1, asInt }], {
      aggregationTemporality: CUMULATIVE,
      isMonotonic: true,
    });
    await temp.accept(metricsPayload({ service: 'a', arrived: ARRIVAL + (n > 1 ? DAY : 0n) }, [sum]));
    if (n === 3) {
      assert.deepEqual(await values(temp, { stat: 'increase' }), [10, 20, 30, 40, null]);
      const list = await temp.query.metrics(
        { range: RANGE, q: null, service: null, page: { limit: 9, cursor: null } },
        NEVER,
      );
      assert.equal(list.metrics[0]!.series, 1);
    }
    await temp.close();
  }
});

test('delta sums add up within a step', async (context) => {
  const sum = [
    { t: 2, asInt: '3' },
    { t: 4, asInt: '4' },
    { t: 22, asDouble: 1.5 },
  ];
  const temp = await openWith(
    context,
    metric('sum', sum, { aggregationTemporality: DELTA, isMonotonic: true }),
  );
  assert.deepEqual(await values(temp, { stat: 'increase' }), [7, null, 1.5, null, null]);
  assert.deepEqual(await values(temp), [0.7, null, 0.15, null, null]);
});

test('a sum that can fall is shown as it is, and has no rate', async (context) => {
  const sum = [
    { t: 2, asInt: '3' },
    { t: 12, asInt: '1' },
  ];
  const temp = await openWith(context, metric('sum', sum, { aggregationTemporality: CUMULATIVE }));
  assert.deepEqual(await values(temp), [3, 1, null, null, null]);
  await assert.rejects(ask(temp, { stat: 'rate' }), /must be one of value/);
});

const BOUNDS = { explicitBounds: [10, 20] };

test('quantiles, mean and rate of a cumulative histogram are of what came in the step', async (context) => {
  const points = [
    { t: -5, start: -100, count: '4', sum: 20, bucketCounts: ['4', '0', '0'], ...BOUNDS },
    { t: 5, start: -100, count: '14', sum: 170, bucketCounts: ['4', '10', '0'], ...BOUNDS },
    { t: 15, start: 10, count: '2', sum: 8, bucketCounts: ['2', '0', '0'], ...BOUNDS },
  ];
  const histogram = metric('histogram', points, { aggregationTemporality: CUMULATIVE });
  const temp = await openWith(context, histogram);
  assert.deepEqual(await values(temp, { stat: 'p50' }), [15, 5, null, null, null]);
  assert.deepEqual(await values(temp, { stat: 'avg' }), [15, 4, null, null, null]);
  assert.deepEqual(await values(temp, { stat: 'rate' }), [1, 0.2, null, null, null]);
  assert.equal((await ask(temp))!.stat, 'p95');
});

test('quantiles of a delta histogram merge the points of the step', async (context) => {
  const points = [
    { t: 1, count: '2', sum: 10, bucketCounts: ['2', '0', '0'], ...BOUNDS },
    { t: 2, count: '2', sum: 30, bucketCounts: ['0', '2', '0'], ...BOUNDS },
    { t: 11, count: '0', sum: 0, bucketCounts: ['0', '0', '0'], ...BOUNDS },
  ];
  const temp = await openWith(context, metric('histogram', points, { aggregationTemporality: DELTA }));
  assert.deepEqual(await values(temp, { stat: 'p50' }), [10, null, null, null, null]);
  assert.deepEqual(await values(temp, { stat: 'avg' }), [10, null, null, null, null]);
});

test('quantiles of an exponential histogram stay within its buckets, also when its scale shrinks', async (context) => {
  const point = (scale: number, bucketCounts: string[], count: string) => ({
    t: scale === 1 ? 5 : 15,
    start: 1,
    count,
    sum: 1,
    scale,
    zeroCount: '0',
    positive: { offset: scale === 1 ? 20 : 10, bucketCounts },
  });
  const points = [point(1, ['8', '2'], '10'), point(0, ['10', '6'], '16')];
  const histogram = metric('exponentialHistogram', points, { aggregationTemporality: CUMULATIVE });
  const temp = await openWith(context, histogram);
  const [first, second] = await values(temp, { stat: 'p50' });
  assert.ok(first! > 1024 && first! < 1449, String(first));
  assert.equal(second, 3072);
});

test('a summary shows the mean of what came', async (context) => {
  const points = [
    { t: -1, start: -100, count: '1', sum: 100 },
    { t: 5, start: -100, count: '3', sum: 110 },
  ];
  const temp = await openWith(context, metric('summary', points));
  assert.deepEqual(await values(temp), [5, null, null, null, null]);
});

test('series are told apart by their attributes, filtered and grouped by them', async (context) => {
  const points = [
    { t: 1, asDouble: 1, attributes: { route: '/a', code: 200n } },
    { t: 1, asDouble: 3, attributes: { route: '/a', code: 500n } },
    { t: 1, asDouble: 10, attributes: { route: '/b', code: 200n } },
  ];
  const temp = await openWith(context, metric('gauge', points));
  const shown = async (request: Partial<MetricRequest>) =>
    (await ask(temp, request))!.series.map(({ attributes, points: own }) => [
      stringifyExact(attributes),
      own[0]![1],
    ]);
  assert.deepEqual(await shown({}), [
    ['{"route":"/b","code":200}', 10],
    ['{"route":"/a","code":500}', 3],
    ['{"route":"/a","code":200}', 1],
  ]);
  assert.deepEqual(await shown({ by: ['route'] }), [
    ['{"route":"/b"}', 10],
    ['{"route":"/a"}', 2],
  ]);
  assert.deepEqual(await shown({ attributes: [{ key: 'code', value: '500' }] }), [
    ['{"route":"/a","code":500}', 3],
  ]);
  assert.deepEqual((await ask(temp))!.attributeKeys, [
    { key: 'code', values: 2 },
    { key: 'route', values: 2 },
  ]);
  assert.equal(await ask(temp, { service: 'other' }), null);
});

test('exemplars lead from a plot to traces', async (context) => {
  const exemplar = (t: number, more: object) => ({ timeUnixNano: at(t), asDouble: t, ...more });
  const traceId = `0${'b'.repeat(31)}`;
  const exemplars = [exemplar(2, { traceId, spanId: 'c'.repeat(16) })];
  const points = [
    { t: 3, count: '1', sum: 1, bucketCounts: ['1', '0', '0'], ...BOUNDS, exemplars },
    { t: 13, count: '1', sum: 1, bucketCounts: ['1', '0', '0'], ...BOUNDS, exemplars: [exemplar(12, {})] },
  ];
  const temp = await openWith(context, metric('histogram', points, { aggregationTemporality: DELTA }));
  assert.deepEqual((await ask(temp))!.exemplars, [
    { timeUnixNano: String(at(12)), value: 12, traceId: null, spanId: null },
    { timeUnixNano: String(at(2)), value: 2, traceId, spanId: 'c'.repeat(16) },
  ]);
});

test('the list has every metric once over its pages, by name, with two kinds of one name on one page', async (context) => {
  const temp = await openTempStore(context);
  const gauge = (name: string) => ({ name, gauge: { dataPoints: dataPoints([{ t: 1, asInt: '1' }]) } });
  const sum = {
    name: 'b',
    sum: { dataPoints: dataPoints([{ t: 2, asInt: '1' }]), aggregationTemporality: 1 },
  };
  await temp.accept(
    metricsPayload({ service: 'a' }, ['d', 'a', 'Big', 'c', 'b'].map(gauge)),
    metricsPayload({ service: 'z' }, [sum, gauge('a')]),
  );
  const list = async (limit: number, more: object = {}) => {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await temp.query.metrics(
        { range: RANGE, q: null, service: null, ...more, page: { limit, cursor } },
        NEVER,
      );
      found.push(...page.metrics.map(({ name, services, type }) => `${name} ${type} ${services.join('+')}`));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  };
  const all = ['Big gauge a', 'a gauge a+z', 'b sum z', 'b gauge a', 'c gauge a', 'd gauge a'];
  for (const limit of [1, 2, 3, 5, 100]) assert.deepEqual(await list(limit), all, `pages of ${limit}`);
  assert.deepEqual(await list(9, { q: 'B' }), ['Big gauge a', 'b sum z', 'b gauge a']);
  assert.deepEqual(await list(9, { service: 'z' }), ['a gauge z', 'b sum z']);
});
