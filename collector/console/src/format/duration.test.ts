import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactDuration, formatAge, formatDuration, formatMs, parseDurationMs } from './duration.ts';

test('a duration has three digits and the unit that fits', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [850, '850 ns'],
    [12_400, '12.4 µs'],
    [999_499, '999 µs'],
    [1_240_000, '1.24 ms'],
    [155_000_000, '155 ms'],
    [1_240_000_000, '1.24 s'],
    [59_900_000_000, '59.9 s'],
    [192_000_000_000, '3m 12s'],
    [7_200_000_000_000, '2h'],
    [187_200_000_000_000, '2d 4h'],
    [-3_000_382_740, '-3.00 s'],
  ];
  for (const [nanos, text] of cases) assert.equal(formatDuration(nanos), text);
});

test('no measurement is a dash, not a zero', () => {
  assert.equal(formatMs(null), '–');
  assert.equal(formatMs(0), '0 ms');
  assert.equal(formatDuration(Number.NaN), 'unknown');
});

test('the hover shows every nanosecond', () => {
  assert.equal(exactDuration(1_240_500_123), '1,240,500,123 ns');
  assert.equal(exactDuration(9_007_199_254_740_993n), '9,007,199,254,740,993 ns');
});

test('an age is one number with its unit', () => {
  assert.equal(formatAge(300), 'now');
  assert.equal(formatAge(12_000), '12s ago');
  assert.equal(formatAge(200_000), '3m ago');
  assert.equal(formatAge(5 * 3_600_000), '5h ago');
  assert.equal(formatAge(50 * 3_600_000), '2d ago');
});

test('typed durations are read with and without a unit, and nothing else is', () => {
  assert.equal(parseDurationMs('250'), 250);
  assert.equal(parseDurationMs(' 1.5 s '), 1500);
  assert.equal(parseDurationMs('2M'), 120_000);
  assert.equal(parseDurationMs('500us'), 0.5);
  for (const wrong of ['', 'fast', '-5', '1e3', '5 days']) assert.equal(parseDurationMs(wrong), null);
});
