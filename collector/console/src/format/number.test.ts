import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, formatBytes, formatCount, formatRate, formatRatio, formatShort } from './number.ts';

test('counts have separators and their noun in the right number', () => {
  assert.equal(formatCount(1_234_567), '1,234,567');
  assert.equal(countOf(1, 'span'), '1 span');
  assert.equal(countOf(2000, 'span'), '2,000 spans');
  assert.equal(countOf(2, 'query', 'queries'), '2 queries');
});

test('short numbers keep three digits', () => {
  assert.deepEqual([0, 5, 0.0421, 1234, 999_900, 2_500_000].map(formatShort), [
    '0',
    '5',
    '0.0421',
    '1.23k',
    '1M',
    '2.5M',
  ]);
  assert.equal(formatShort(0.00042), '4.2e-4');
});

test('bytes are in binary units', () => {
  assert.deepEqual([512, 1536, 64 * 1024 ** 2].map(formatBytes), ['512 B', '1.5 KiB', '64 MiB']);
});

test('a slow rate is told per minute', () => {
  assert.equal(formatRate(0), '0/s');
  assert.equal(formatRate(12.44), '12.4/s');
  assert.equal(formatRate(0.05), '3/min');
  assert.equal(formatRate(0.0000001), '<0.01/min');
});

test('a few failures never round to none, and almost all never to all', () => {
  assert.equal(formatRatio(0), '0%');
  assert.equal(formatRatio(0.0001), '<0.1%');
  assert.equal(formatRatio(0.0234), '2.3%');
  assert.equal(formatRatio(0.33), '33%');
  assert.equal(formatRatio(0.9996), '>99.9%');
  assert.equal(formatRatio(1), '100%');
});
