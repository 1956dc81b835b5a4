import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import type { MetricRequest } from '#query/requests.ts';
import type { MetricDetail, MetricsPage } from '#query/results.ts';
import { keyValues, metricsPayload, SECOND, type ValueMap } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { fromOf, type OpenBackend, type QueryBackend } from './backend.ts';

const CUMULATIVE = 2;
const DELTA = 1;
const BOUNDS = { explicitBounds: [10, 20] };

/** One point of a stream: seconds after the start of the range, and the fields of its kind. */
type Point = { t: number; start?: number; attributes?: ValueMap } & Record<string, unknown>;
type Makes = (kind: string, points: readonly Point[], more?: object) => object;

/** A back end with a metric of its own for the test, called `m` and the mark of the test. */
interface Metrics extends QueryBackend {
  name: string;
  at(seconds: number): bigint;
  dataPoints(points: readonly Point[]): object[];
}

async function openMetrics(open: OpenBackend, context: TestContext): Promise<Metrics> {
  const backend = await open(context);
  const at = (seconds: number) => backend.epoch + BigInt(seconds) * SECOND;
  return {
    ...backend,
    name: `m.${backend.run}`,
    at,
    dataPoints: (points) =>
      points.map(({ attributes, start, t, ...fields }) => ({
        timeUnixNano: at(t),
        startTimeUnixNano: start === undefined ? undefined : at(start),
        attributes: keyValues(attributes),
        ...fields,
      })),
  };
}

function makerOf({ dataPoints, name }: Metrics): Makes {
  return (kind, points, more = {}) => ({
    name,
    unit: 's',
    [kind]: { dataPoints: dataPoints(points), ...more },
  });
}

async function openWith(
  open: OpenBackend,
  context: TestContext,
  make: (metric: Makes, metrics: Metrics) => object,
): Promise<Metrics> {
  const metrics = await openMetrics(open, context);
  await metrics.accept(metricsPayload(fromOf(metrics, { service: 'a' }), [make(makerOf(metrics), metrics)]));
  return metrics;
}

function rangeOf({ at, epoch }: Metrics) {
  return { from: epoch, to: at(50) };
}

function ask(metrics: Metrics, request: Partial<MetricRequest> = {}): Promise<MetricDetail | null> {
  const all = {
    range: rangeOf(metrics),
    name: metrics.name,
    service: null,
    by: null,
    stat: null,
    stepSeconds: 10,
    attributes: [],
  };
  return metrics.query.metric({ ...all, ...request }, NEVER);
}

/** The values of the only series. */
async function values(metrics: Metrics, request: Partial<MetricRequest> = {}): Promise<(number | null)[]> {
  const detail = await ask(metrics, request);
  assert.equal(detail!.series.length, 1);
  return detail!.series[0]!.points.map(([, value]) => value);
}

/** What plots and lists of metrics must show, whoever keeps them. */
export function metricsContract(open: OpenBackend): void {
  test('a gauge shows the last value of each step, and null where there was none', async (context) => {
    const points = [
      { t: 1, asDouble: 5 },
      { t: 9, asDouble: 1.5 },
      { t: 31, asInt: '-7' },
      { t: 40, flags: 1 },
    ];
    const metrics = await openWith(open, context, (metric) => metric('gauge', points));
    assert.deepEqual(await values(metrics), [1.5, null, null, -7, null]);
    const detail = (await ask(metrics))!;
    assert.deepEqual(
      detail.series[0]!.points.map(([seconds]) => seconds),
      [0, 10, 20, 30, 40].map((t) => Number(metrics.at(t) / SECOND)),
    );
    const { metricName, metricType, metricUnit } = metrics.keeps;
    assert.deepEqual(
      [detail.name, detail.type, detail.stat, detail.unit],
      [metricName({ name: metrics.name, unit: 's' }), metricType('gauge'), 'value', metricUnit('s')],
    );
    assert.equal(detail.series[0]!.service, 'a');
  });

  test('a metric is found by the name it was sent with and by the name it is kept under', async (context) => {
    const metrics = await openWith(open, context, (metric) => metric('gauge', [{ t: 1, asDouble: 5 }]));
    const kept = metrics.keeps.metricName({ name: metrics.name, unit: 's' });
    assert.equal((await ask(metrics))!.name, kept);
    assert.equal((await ask(metrics, { name: kept }))!.name, kept);
  });

  test('a metric that nobody sent is null', async (context) => {
    assert.equal(await ask(await openMetrics(open, context)), null);
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
    const metrics = await openWith(open, context, (metric) =>
      metric('sum', sum, { aggregationTemporality: CUMULATIVE, isMonotonic: true }),
    );
    assert.deepEqual(await values(metrics), [2, 0, 3, 3, null]);
    assert.deepEqual(await values(metrics, { stat: 'increase' }), [20, 0, 30, 30, null]);
    const { monotonic, type } = (await ask(metrics))!;
    assert.deepEqual([type, monotonic], [metrics.keeps.metricType('counter'), true]);
  });

  test('a stream that was never seen before counts from its start, where that is known', async (context) => {
    const sum = [
      { t: 5, start: -1000, asInt: '1000000' },
      { t: 15, start: -1000, asInt: '1000010' },
    ];
    const metrics = await openWith(open, context, (metric) =>
      metric('sum', sum, { aggregationTemporality: CUMULATIVE, isMonotonic: true }),
    );
    const first = metrics.keeps.counterStarts ? null : 100_000;
    assert.deepEqual(await values(metrics), [first, 1, null, null, null]);
  });

  test('a stream that begins in the range counts from zero', async (context) => {
    const sum = [
      { t: 15, start: 11, asInt: '1' },
      { t: 25, start: 11, asInt: '1' },
    ];
    const metrics = await openWith(open, context, (metric) =>
      metric('sum', sum, { aggregationTemporality: CUMULATIVE, isMonotonic: true }),
    );
    assert.deepEqual(await values(metrics, { stat: 'increase' }), [null, 1, 0, null, null]);
  });

  test('delta sums add up within a step', async (context) => {
    const sum = [
      { t: 2, asInt: '3' },
      { t: 4, asInt: '4' },
      { t: 22, asDouble: 1.5 },
    ];
    const metrics = await openWith(open, context, (metric) =>
      metric('sum', sum, { aggregationTemporality: DELTA, isMonotonic: true }),
    );
    assert.deepEqual(await values(metrics, { stat: 'increase' }), [7, null, 1.5, null, null]);
    assert.deepEqual(await values(metrics), [0.7, null, 0.15, null, null]);
  });

  test('a sum that can fall is shown as it is, and has no rate', async (context) => {
    const sum = [
      { t: 2, asInt: '3' },
      { t: 12, asInt: '1' },
    ];
    const metrics = await openWith(open, context, (metric) =>
      metric('sum', sum, { aggregationTemporality: CUMULATIVE }),
    );
    assert.deepEqual(await values(metrics), [3, 1, null, null, null]);
    assert.equal((await ask(metrics))!.type, metrics.keeps.metricType('up-down counter'));
    await assert.rejects(ask(metrics, { stat: 'rate' }), /must be one of value/);
  });

  test('quantiles, mean and rate of a cumulative histogram are of what came in the step', async (context) => {
    const points = [
      { t: -5, start: -100, count: '4', sum: 20, bucketCounts: ['4', '0', '0'], ...BOUNDS },
      { t: 5, start: -100, count: '14', sum: 170, bucketCounts: ['4', '10', '0'], ...BOUNDS },
      { t: 15, start: 10, count: '2', sum: 8, bucketCounts: ['2', '0', '0'], ...BOUNDS },
    ];
    const metrics = await openWith(open, context, (metric) =>
      metric('histogram', points, { aggregationTemporality: CUMULATIVE }),
    );
    assert.deepEqual(await values(metrics, { stat: 'p50' }), [15, 5, null, null, null]);
    assert.deepEqual(await values(metrics, { stat: 'avg' }), [15, 4, null, null, null]);
    assert.deepEqual(await values(metrics, { stat: 'rate' }), [1, 0.2, null, null, null]);
    assert.equal((await ask(metrics))!.stat, 'p95');
  });

  test('quantiles of a delta histogram merge the points of the step', async (context) => {
    const points = [
      { t: 1, count: '2', sum: 10, bucketCounts: ['2', '0', '0'], ...BOUNDS },
      { t: 2, count: '2', sum: 30, bucketCounts: ['0', '2', '0'], ...BOUNDS },
      { t: 11, count: '0', sum: 0, bucketCounts: ['0', '0', '0'], ...BOUNDS },
    ];
    const metrics = await openWith(open, context, (metric) =>
      metric('histogram', points, { aggregationTemporality: DELTA }),
    );
    assert.deepEqual(await values(metrics, { stat: 'p50' }), [10, null, null, null, null]);
    assert.deepEqual(await values(metrics, { stat: 'avg' }), [10, null, null, null, null]);
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
    const metrics = await openWith(open, context, (metric) =>
      metric('exponentialHistogram', points, { aggregationTemporality: CUMULATIVE }),
    );
    const [first, second] = await values(metrics, { stat: 'p50' });
    assert.ok(first! > 1024 && first! < 1449, String(first));
    assert.ok(Math.abs(second! - metrics.keeps.exponentialMiddle(2048, 4096)) < 1e-6, String(second));
    assert.equal((await ask(metrics))!.type, 'exponential_histogram');
    assert.deepEqual(await values(metrics, { stat: 'increase' }), [10, 6, null, null, null]);
  });

  test('a summary shows the mean of what came', async (context) => {
    const points = [
      { t: -1, start: -100, count: '1', sum: 100 },
      { t: 5, start: -100, count: '3', sum: 110 },
    ];
    const metrics = await openWith(open, context, (metric) => metric('summary', points));
    assert.deepEqual(await values(metrics), [5, null, null, null, null]);
  });

  test('series are told apart by their attributes, filtered and grouped by them', async (context) => {
    const points = [
      { t: 1, asDouble: 1, attributes: { 'http.route': '/a', code: 200n } },
      { t: 1, asDouble: 3, attributes: { 'http.route': '/a', code: 500n } },
      { t: 1, asDouble: 10, attributes: { 'http.route': '/b "x"', code: 200n } },
    ];
    const metrics = await openWith(open, context, (metric) => metric('gauge', points));
    const { metricAttributes } = metrics.keeps;
    const shown = async (request: Partial<MetricRequest>) =>
      (await ask(metrics, request))!.series.map(({ attributes, points: own }) => [
        JSON.parse(stringifyExact(attributes)),
        own[0]![1],
      ]);
    assert.deepEqual(await shown({}), [
      [metricAttributes({ 'http.route': '/b "x"', code: 200n }), 10],
      [metricAttributes({ 'http.route': '/a', code: 500n }), 3],
      [metricAttributes({ 'http.route': '/a', code: 200n }), 1],
    ]);
    assert.deepEqual(await shown({ by: ['http.route'] }), [
      [metricAttributes({ 'http.route': '/b "x"' }), 10],
      [metricAttributes({ 'http.route': '/a' }), 2],
    ]);
    assert.deepEqual(await shown({ attributes: [{ key: 'code', value: '500' }] }), [
      [metricAttributes({ 'http.route': '/a', code: 500n }), 3],
    ]);
    assert.deepEqual(await shown({ attributes: [{ key: 'http.route', value: '/b "x"' }] }), [
      [metricAttributes({ 'http.route': '/b "x"', code: 200n }), 10],
    ]);
    assert.deepEqual(
      (await ask(metrics))!.attributeKeys,
      Object.keys(metricAttributes({ code: 1n, 'http.route': '' })).map((key) => ({ key, values: 2 })),
    );
    assert.equal(await ask(metrics, { service: 'other' }), null);
    assert.equal(await ask(metrics, { attributes: [{ key: 'missing', value: '' }] }), null);
  });

  test('exemplars lead from a plot to traces', async (context) => {
    const traceId = `0${'b'.repeat(31)}`;
    const metrics = await openWith(open, context, (metric, { at }) => {
      const exemplar = (t: number, more: object) => ({ timeUnixNano: at(t), asDouble: t, ...more });
      const point = { start: -100, ...BOUNDS };
      const with2 = [exemplar(2, { traceId, spanId: 'c'.repeat(16) })];
      return metric(
        'histogram',
        [
          { t: 3, count: '1', sum: 1, bucketCounts: ['1', '0', '0'], ...point, exemplars: with2 },
          {
            t: 13,
            count: '2',
            sum: 2,
            bucketCounts: ['1', '1', '0'],
            ...point,
            exemplars: [exemplar(12, {})],
          },
        ],
        { aggregationTemporality: CUMULATIVE },
      );
    });
    const { at, keeps } = metrics;
    assert.deepEqual((await ask(metrics))!.exemplars, [
      ...(keeps.exemplarsWithoutTrace
        ? [{ timeUnixNano: String(at(12)), value: 12, traceId: null, spanId: null }]
        : []),
      { timeUnixNano: String(at(2)), value: 2, traceId, spanId: 'c'.repeat(16) },
    ]);
  });

  test('the list has every metric once over its pages, by name', async (context) => {
    const metrics = await openMetrics(open, context);
    const { at, dataPoints, keeps, run } = metrics;
    const sentAs = (name: string) => `${name}.${run}`;
    const gauge = (name: string) => ({
      name: sentAs(name),
      gauge: { dataPoints: dataPoints([{ t: 1, asInt: '1' }]) },
    });
    await metrics.accept(
      metricsPayload(fromOf(metrics, { service: 'a' }), ['d', 'a', 'Big', 'c', 'b'].map(gauge)),
      metricsPayload(fromOf(metrics, { service: 'z' }), [gauge('a')]),
    );
    const list = async (limit: number, more: object = {}) => {
      const found: MetricsPage['metrics'] = [];
      let cursor: string | null = null;
      do {
        const page: MetricsPage = await metrics.query.metrics(
          { range: rangeOf(metrics), q: run, service: null, ...more, page: { limit, cursor } },
          NEVER,
        );
        found.push(...page.metrics);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return found.map(({ name, services, type }) => `${name} ${type} ${services.join('+')}`);
    };
    const line = (name: string, services: string) =>
      `${keeps.metricName({ name: sentAs(name), gauge: true })} ${keeps.metricType('gauge')} ${services}`;
    const all = [line('Big', 'a'), line('a', 'a+z'), line('b', 'a'), line('c', 'a'), line('d', 'a')];
    for (const limit of [1, 2, 3, 5, 100]) assert.deepEqual(await list(limit), all, `pages of ${limit}`);
    const big = keeps.metricName({ name: sentAs('Big'), gauge: true });
    assert.deepEqual(await list(9, { q: big.toUpperCase() }), [line('Big', 'a')]);
    assert.deepEqual(await list(9, { service: 'z' }), [line('a', 'z')]);
    const request = { range: rangeOf(metrics), q: big, service: null, page: { limit: 9, cursor: null } };
    const [only] = (await metrics.query.metrics(request, NEVER)).metrics;
    assert.deepEqual([only!.series, only!.lastSeenUnixNano], [1, String(at(1))]);
  });
}
