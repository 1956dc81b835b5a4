import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricJson } from './metrics.ts';
import { metricsToOtlp } from './metrics-to-otlp.ts';

const times = { startUnixNano: 1_700_000_000_000_000_001n, timeUnixNano: 1_700_000_015_000_000_002n };

function convert(metric: Omit<MetricJson, 'help' | 'aggregator'>) {
  const full = { ...metric, help: 'about', aggregator: 'sum' };
  // biome-ignore lint/suspicious/noExplicitAny: walked by the assertions
  const request = metricsToOtlp([full], { 'service.name': 'signalbox' }, times) as any;
  const [group] = request.resourceMetrics;
  assert.deepEqual(group.resource.attributes, [{ key: 'service.name', value: { stringValue: 'signalbox' } }]);
  return group.scopeMetrics[0].metrics;
}

test('a counter is a monotonic cumulative sum with exact times and no _total', () => {
  const values = [{ value: 3, labels: { signal: 'traces' } }];
  assert.deepEqual(convert({ name: 'x_total', type: 'counter', values }), [
    {
      name: 'x',
      description: 'about',
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: [
          {
            attributes: [{ key: 'signal', value: { stringValue: 'traces' } }],
            startTimeUnixNano: '1700000000000000001',
            timeUnixNano: '1700000015000000002',
            asDouble: 3,
          },
        ],
      },
    },
  ]);
});

test('a gauge has no start, and values that are not finite are left out', () => {
  const values = [
    { value: Number.NaN, labels: {} },
    { value: 0.5, labels: {} },
  ];
  const [metric] = convert({ name: 'g', type: 'gauge', values });
  assert.deepEqual(metric.gauge.dataPoints, [
    { attributes: [], timeUnixNano: '1700000015000000002', asDouble: 0.5 },
  ]);
  assert.deepEqual(convert({ name: 'g', type: 'gauge', values: [] }), []);
});

test('cumulative buckets become counts between bounds, for each set of labels', () => {
  const bucket = (le: number | string, value: number, route: string) => ({
    value,
    labels: { le, route },
    metricName: 'h_bucket',
  });
  const values = [
    ...[bucket(1, 2, 'a'), bucket(5, 2, 'a'), bucket('+Inf', 7, 'a')],
    { value: 40.5, labels: { route: 'a' }, metricName: 'h_sum' },
    { value: 7, labels: { route: 'a' }, metricName: 'h_count' },
    ...[bucket(1, 0, 'b'), bucket(5, 1, 'b'), bucket('+Inf', 1, 'b')],
    { value: 2, labels: { route: 'b' }, metricName: 'h_sum' },
    { value: 1, labels: { route: 'b' }, metricName: 'h_count' },
  ];
  const [metric] = convert({ name: 'h', type: 'histogram', values });
  const [a, b] = metric.histogram.dataPoints;
  assert.equal(metric.histogram.aggregationTemporality, 2);
  assert.deepEqual([a.explicitBounds, a.bucketCounts, a.count, a.sum], [[1, 5], ['2', '0', '5'], '7', 40.5]);
  assert.deepEqual([b.explicitBounds, b.bucketCounts, b.count, b.sum], [[1, 5], ['0', '1', '0'], '1', 2]);
});
