import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricKind, statLabel, statsOf } from './metric-kind.ts';

test('types have the names people use', () => {
  assert.equal(metricKind({ type: 'sum', monotonic: true, temporality: 'cumulative' }), 'counter');
  assert.equal(metricKind({ type: 'sum', monotonic: false, temporality: 'delta' }), 'up-down counter, delta');
  assert.equal(
    metricKind({ type: 'exponential_histogram', monotonic: false, temporality: 'cumulative' }),
    'exponential histogram',
  );
});

test('the default stat of each type comes first', () => {
  assert.equal(statsOf({ type: 'gauge', monotonic: false })[0], 'value');
  assert.equal(statsOf({ type: 'sum', monotonic: true })[0], 'rate');
  assert.equal(statsOf({ type: 'sum', monotonic: false })[0], 'value');
  assert.equal(statsOf({ type: 'histogram', monotonic: false })[0], 'p95');
  assert.equal(statsOf({ type: 'summary', monotonic: false })[0], 'avg');
  assert.equal(statLabel('rate'), 'per second');
});
