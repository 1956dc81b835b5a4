import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAmount, readDuration, shortAmount } from './amounts.ts';

test('times are read with their unit', () => {
  assert.deepEqual(['0', '30m', '24h', '90d'].map(readDuration), [0, 1_800_000, 86_400_000, 7_776_000_000]);
  for (const text of ['', '5', '-1d', '1.5h', '1w', '90 d', 'd', '9999999d'])
    assert.equal(readDuration(text), null, text);
});

test('amounts are read by thousands, and written short', () => {
  assert.deepEqual(['0', '5000', '500k', '2M', '1G'].map(readAmount), [0, 5000, 500_000, 2_000_000, 1e9]);
  for (const text of ['', '-1', '1.5k', '1K', '5 k', '1e3', '1001G'])
    assert.equal(readAmount(text), null, text);
  assert.deepEqual([0, 999, 1500, 12_345, 2e6, 3e9].map(shortAmount), [
    '0',
    '999',
    '1.5k',
    '12k',
    '2M',
    '3G',
  ]);
});
