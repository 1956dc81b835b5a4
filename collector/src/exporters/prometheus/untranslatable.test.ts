import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUntranslatable } from './untranslatable.ts';

test('what Prometheus says of a point without a form there is told from what it says of itself', () => {
  for (const said of [
    'answered 500 (normalization for metric "温度" resulted in empty name)',
    'answered 500 (normalization for label name "温" resulted in invalid name "_")',
    'answered 500 (label name is empty)',
    'answered 500 (invalid temporality and type combination for metric "u")',
    'answered 500 (cannot convert exponential to native histogram. Scale must be >= -4, was -12)',
    'answered 500 (could not get aggregation temporality for nothing as it has unsupported metric type Empty)',
    `answered 500 (3 observations found in buckets, but the Count field is 2: histogram's observation count should be at least the number of observations found in the buckets)`,
    'answered 500 (label name "a" is not unique: invalid sample)',
  ])
    assert.equal(isUntranslatable(said), true, said);
  for (const said of [
    'answered 500',
    'answered 500 (write to WAL: write /prometheus/wal/00000001: no space left on device)',
    'answered 500 (log samples: file already closed)',
    'answered 500 (context canceled)',
    'answered 500 (appender closed)',
  ])
    assert.equal(isUntranslatable(said), false, said);
});
