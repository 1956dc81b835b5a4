import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipRange, windowsOf } from './time-windows.ts';

const DAY = 86_400_000_000_000n;
const NOW = 20_000n * DAY;

test('windows cover the range without a gap, the newest first, the last one shorter', () => {
  assert.deepEqual(
    [...windowsOf({ from: 3n, to: 10n }, 3n)],
    [
      { from: 7n, to: 10n },
      { from: 4n, to: 7n },
      { from: 3n, to: 4n },
    ],
  );
  assert.deepEqual([...windowsOf({ from: 5n, to: 5n }, 3n)], []);
});

test('a range is clipped to 400 days ago and a day ahead; within them it stays as it is', () => {
  const inside = { from: NOW - 399n * DAY, to: NOW + 1n };
  assert.deepEqual(clipRange(inside, NOW), inside);
  const widest = { from: NOW - 400n * DAY, to: NOW + DAY };
  assert.deepEqual(clipRange({ from: 0n, to: 10n * NOW }, NOW), widest);
});

test('a range that lies wholly before or after has no windows', () => {
  for (const range of [
    { from: 0n, to: NOW - 401n * DAY },
    { from: NOW + 2n * DAY, to: NOW + 3n * DAY },
  ]) {
    assert.deepEqual([...windowsOf(clipRange(range, NOW), DAY)], []);
  }
});
