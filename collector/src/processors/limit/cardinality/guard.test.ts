import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkRequest } from '#otlp/check.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { decodeAs, encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { createCardinalityGuard } from './guard.ts';

const REQUEST = 'ExportMetricsServiceRequest';
const MINUTE = 60_000_000_000n;
const DELTA = 1;
const CUMULATIVE = 2;
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const OVERFLOW = [{ key: 'otel.metric.overflow', value: { boolValue: true } }];

const request = (metrics: Plain[], service = 'pay') =>
  encodeAs(REQUEST, {
    resourceMetrics: [
      { resource: { attributes: [text('service.name', service)] }, scopeMetrics: [{ metrics }] },
    ],
  });

function metricsIn(bytes: Uint8Array): Plain[] {
  return (decodeAs(REQUEST, bytes).resourceMetrics as Plain[]).flatMap((group) =>
    (group.scopeMetrics as Plain[]).flatMap(({ metrics }) => metrics as Plain[]),
  );
}

function createGuard(settings: Partial<Parameters<typeof createCardinalityGuard>[0]> = {}) {
  const clock = { now: 0n };
  const config = { max_series_per_metric: 2, max_series: 100, series_idle_minutes: 60, ...settings };
  const guard = createCardinalityGuard(config, () => clock.now);
  const run = (bytes: Uint8Array) => {
    const guarded = guard.guard(bytes);
    const after = rewrite(bytes, guarded.edits);
    const checked = checkRequest('metrics', after);
    assert.ok(checked.ok && checked.rejected === 0);
    assert.deepEqual(guard.guard(after).edits, []);
    return { ...guarded, bytes: after, metrics: metricsIn(after) };
  };
  return { clock, guard, run };
}

const point = (id: string, extra: Plain = {}): Plain => ({
  attributes: [text('id', id)],
  startTimeUnixNano: '100',
  timeUnixNano: '200',
  ...extra,
});
const sum = (dataPoints: Plain[], aggregationTemporality = DELTA): Plain => ({
  name: 'hits',
  sum: { dataPoints, aggregationTemporality, isMonotonic: true },
});
const pointsOf = (metric: Plain, kind = 'sum') => (metric[kind] as Plain).dataPoints as Plain[];
const idOf = ({ attributes }: Plain) =>
  ((attributes as Plain[])[0]!.value as Plain).stringValue ?? 'overflow';

test('points of new sets beyond the limit become one with the overflow attribute, and the total stays', () => {
  const { guard, run } = createGuard();
  const ids = ['a', 'b', 'c', 'd', 'a', 'e'];
  const { counts, metrics, overflowed } = run(
    request([sum(ids.map((id, at) => point(id, { asInt: String(10 ** at) })))]),
  );
  const points = pointsOf(metrics[0]!);
  assert.deepEqual(
    points.map((each) => [idOf(each), each.asInt]),
    [
      ['a', '1'],
      ['b', '10'],
      ['overflow', '101100'],
      ['a', '10000'],
    ],
  );
  assert.deepEqual(points[2]!.attributes, OVERFLOW);
  assert.deepEqual(overflowed, [{ service: 'pay', metric: 'hits', points: 3, dropped: 0 }]);
  assert.deepEqual(counts, { series: 3 });
  assert.equal(guard.series, 2);
});

test('sets are the same in any order, and each metric of each service has its own limit', () => {
  const { run } = createGuard({ max_series_per_metric: 1 });
  const both = [text('a', '1'), text('b', '2')];
  const send = (attributes: Plain[], name: string, service: string) =>
    run(request([{ name, gauge: { dataPoints: [{ attributes, asInt: '1' }] } }], service)).overflowed.length;
  assert.equal(send(both, 'm', 'x'), 0);
  assert.equal(send(both.toReversed(), 'm', 'x'), 0);
  assert.equal(send([], 'm', 'x'), 1);
  assert.equal(send([], 'other', 'x'), 0);
  assert.equal(send([], 'm', 'y'), 0);
});

test('a request within the limits is not touched', () => {
  const { run } = createGuard();
  const bytes = request([sum([point('a', { asInt: '1' }), point('b', { asInt: '2' })])]);
  for (let again = 0; again < 3; again++) assert.deepEqual(run(bytes).edits, []);
});

test('the total of all metrics is limited too', () => {
  const { guard, run } = createGuard({ max_series: 3 });
  const gauges = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    gauge: { dataPoints: [point('x', { asInt: '1' })] },
  }));
  assert.deepEqual(
    run(request(gauges)).overflowed.map(({ metric }) => metric),
    ['d'],
  );
  assert.equal(guard.series, 3);
});

test('idle sets make room, those in use stay, a clock set back changes nothing', () => {
  const { clock, guard, run } = createGuard();
  run(request([sum([point('a', { asInt: '1' }), point('b', { asInt: '1' })])]));
  clock.now = 50n * MINUTE;
  run(request([sum([point('a', { asInt: '1' }), point('c', { asInt: '1' })])]));
  clock.now = 61n * MINUTE;
  const { metrics } = run(request([sum(['a', 'c', 'd'].map((id) => point(id, { asInt: '1' })))]));
  assert.deepEqual(pointsOf(metrics[0]!).map(idOf), ['a', 'c', 'overflow']);
  clock.now = 5n * MINUTE;
  assert.deepEqual(pointsOf(run(request([sum([point('a', { asInt: '1' })])])).metrics[0]!).map(idOf), ['a']);
  assert.equal(guard.series, 2);
});

test('of a cumulative series only the last point is added to those of others', () => {
  const { run } = createGuard({ max_series_per_metric: 1 });
  const at = (id: string, time: number, extra: Plain) => point(id, { timeUnixNano: String(time), ...extra });
  const points = [
    at('a', 1, { asInt: '1' }),
    at('b', 300, { asInt: '12' }),
    at('b', 200, { asInt: '10' }),
    at('c', 250, { asInt: '5', startTimeUnixNano: '50' }),
  ];
  const { metrics } = run(request([sum(points, CUMULATIVE)]));
  const [, overflow] = pointsOf(metrics[0]!);
  assert.deepEqual(
    [overflow!.asInt, overflow!.startTimeUnixNano, overflow!.timeUnixNano],
    ['17', '50', '300'],
  );
});

test('integers stay exact, a total beyond 64 bits or with a double is a double', () => {
  const { run } = createGuard({ max_series_per_metric: 1 });
  const total = (values: Plain[]) => {
    const points = [point('a', { asInt: '1' }), ...values.map((value, at) => point(`x${at}`, value))];
    return pointsOf(run(request([sum(points)])).metrics[0]!)[1]!;
  };
  assert.equal(total([{ asInt: '9007199254740993' }, { asInt: '-1' }]).asInt, '9007199254740992');
  assert.equal(total([{ asInt: '9223372036854775807' }, { asInt: '1' }]).asDouble, 2 ** 63);
  assert.equal(total([{ asInt: '2' }, { asDouble: 0.5 }]).asDouble, 2.5);
  assert.equal(total([{ asInt: '2' }, { asInt: '9', flags: 1 }]).asInt, '2');
  assert.equal(total([{ flags: 1 }, { flags: 1 }]).flags, 1);
});

test('histograms with the bounds of the first are added, others are reported as dropped', () => {
  const { run } = createGuard({ max_series_per_metric: 1 });
  const histogram = (id: string, extra: Plain) =>
    point(id, {
      count: '3',
      sum: 6,
      min: 1,
      max: 3,
      bucketCounts: ['1', '2'],
      explicitBounds: [2],
      ...extra,
    });
  const exemplars = [{ asDouble: 1, filteredAttributes: [text('x', 'y')] }];
  const points = [
    histogram('a', {}),
    histogram('b', { exemplars }),
    histogram('c', { min: 0.5, max: 9, sum: 10 }),
    histogram('d', { explicitBounds: [3] }),
  ];
  const { metrics, overflowed } = run(
    request([{ name: 'h', histogram: { dataPoints: points, aggregationTemporality: DELTA } }]),
  );
  const [, total] = pointsOf(metrics[0]!, 'histogram');
  assert.deepEqual(
    [total!.count, total!.sum, total!.min, total!.max, total!.bucketCounts, total!.explicitBounds],
    ['6', 16, 0.5, 9, ['2', '4'], [2]],
  );
  assert.equal((total!.exemplars as Plain[]).length, 1);
  assert.deepEqual(overflowed, [{ service: 'pay', metric: 'h', points: 3, dropped: 1 }]);
});

test('of gauges the last counts; exponential histograms and summaries keep the first', () => {
  const { run } = createGuard({ max_series_per_metric: 1 });
  const gauge = ['a', 'b', 'c'].map((id, at) =>
    point(id, { asInt: String(at), timeUnixNano: String(500 - at) }),
  );
  const others = ['a', 'b', 'c'].map((id, at) => point(id, { count: String(at) }));
  const { metrics, overflowed } = run(
    request([
      { name: 'g', gauge: { dataPoints: gauge } },
      { name: 'e', exponentialHistogram: { dataPoints: others, aggregationTemporality: DELTA } },
      { name: 's', summary: { dataPoints: others } },
    ]),
  );
  assert.equal(pointsOf(metrics[0]!, 'gauge')[1]!.asInt, '1');
  assert.equal(pointsOf(metrics[1]!, 'exponentialHistogram')[1]!.count, '1');
  assert.deepEqual(
    overflowed.map(({ dropped }) => dropped),
    [0, 1, 1],
  );
});

test('an overflow point of the sender is one with ours, and alone it is left as it is', () => {
  const { run } = createGuard();
  const own = { attributes: OVERFLOW, asInt: '1000', timeUnixNano: '200' };
  assert.deepEqual(run(request([sum([own, own])])).edits, []);
  const points = [own, ...['a', 'b', 'c'].map((id) => point(id, { asInt: '1' }))];
  const { metrics } = run(request([sum(points)]));
  assert.deepEqual(
    pointsOf(metrics[0]!).map(({ asInt }) => asInt),
    ['1001', '1', '1'],
  );
});

test('the total of each request is that of a naive model', () => {
  const value = fc.record({ id: fc.nat({ max: 6 }), value: fc.integer({ min: -1000, max: 1000 }) });
  fc.assert(
    fc.property(fc.array(fc.array(value, { maxLength: 12 }), { maxLength: 5 }), (requests) => {
      const { run } = createGuard({ max_series_per_metric: 3 });
      const known = new Set<number>();
      for (const values of requests) {
        let overflow: number | null = null;
        for (const { id, value } of values) {
          if (known.size < 3) known.add(id);
          if (!known.has(id)) overflow = (overflow ?? 0) + value;
        }
        const points = values.map((each) => point(String(each.id), { asInt: String(each.value) }));
        const after = pointsOf(run(request([sum(points)])).metrics[0]!);
        const found = after.filter((each) => idOf(each) === 'overflow').map(({ asInt }) => Number(asInt));
        assert.deepEqual(found, overflow === null ? [] : [overflow]);
        const total = after.reduce((all, { asInt }) => all + Number(asInt), 0);
        assert.equal(
          total,
          values.reduce((all, each) => all + each.value, 0),
        );
      }
    }),
    { numRuns: 100, seed: 7 },
  );
});

test('points of ever new sets take bounded memory and linear time', () => {
  const { guard } = createGuard({ max_series_per_metric: 2000, max_series: 5000 });
  const points = Array.from({ length: 100_000 }, (_, at) => point(String(at), { asInt: '1' }));
  const bytes = request([sum(points)]);
  const { counts, edits, overflowed } = guard.guard(bytes);
  assert.deepEqual(counts, { series: 98_000 });
  assert.equal(edits.length, 1);
  assert.equal(overflowed[0]!.dropped, 98_000 - 65_536);
  assert.equal(guard.series, 2000);
  const metrics = Array.from({ length: 20_000 }, (_, at) => ({
    name: `m${at}`,
    gauge: { dataPoints: [point('x')] },
  }));
  const many = guard.guard(request(metrics));
  assert.deepEqual([guard.series, many.overflowed.length, many.counts.series], [5000, 100, 17_000]);
});
