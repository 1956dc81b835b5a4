import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familiesOf } from './metric-family.ts';

const typesOf = (...names: string[]) =>
  Object.fromEntries(familiesOf(names).map(({ name, type, unit }) => [name, `${type} ${unit}`.trim()]));

test('names of one histogram or summary are one metric, others are what their suffix says', () => {
  assert.deepEqual(
    typesOf(
      'http_server_request_duration_seconds_bucket',
      'http_server_request_duration_seconds_count',
      'http_server_request_duration_seconds_sum',
      'go_gc_duration_seconds',
      'go_gc_duration_seconds_count',
      'go_gc_duration_seconds_sum',
      'requests_total',
      'bytes_total',
      'memory_usage_bytes',
      'jvm_thread_count',
      'queue_sum',
      'up',
    ),
    {
      http_server_request_duration_seconds: 'histogram s',
      go_gc_duration_seconds: 'summary s',
      requests_total: 'sum',
      bytes_total: 'sum',
      memory_usage_bytes: 'gauge By',
      jvm_thread_count: 'gauge',
      queue_sum: 'gauge',
      up: 'gauge',
    },
  );
});

test('units are read from the end of a name', () => {
  const units = [
    'io_bytes_per_second',
    'cpu_time_seconds_total',
    'hits_per_minute',
    'load_ratio',
    'x_widgets',
  ];
  assert.deepEqual(
    familiesOf(units).map(({ unit }) => unit),
    ['By/s', 's', '1/m', '1', ''],
  );
});
