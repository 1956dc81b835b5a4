import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceCharts } from './service-charts.ts';

test('a bucket without requests has a rate of zero but no share of errors and no latency', () => {
  const charts = serviceCharts({
    startUnixNano: '100000000000',
    stepSeconds: 10,
    requests: [20, 0],
    errors: [5, 0],
    p95Ms: [120, null],
  });
  assert.deepEqual(charts.times, [105, 115]);
  assert.deepEqual(charts.rate[0]?.values, [2, 0]);
  assert.deepEqual(charts.errors[0]?.values, [0.25, null]);
  assert.deepEqual(charts.latency[0]?.values, [120, null]);
});
