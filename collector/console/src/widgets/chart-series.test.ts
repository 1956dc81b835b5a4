import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignSeries, isolatedPoints, lastValue, openGaps } from './chart-series.ts';

test('series with times of their own share an axis without breaking each other', () => {
  const aligned = alignSeries([
    [
      [10, 1],
      [20, 2],
    ],
    [
      [15, 5],
      [20, null],
    ],
  ]);
  assert.deepEqual(aligned.times, [10, 15, 20]);
  assert.deepEqual(aligned.values, [
    [1, undefined, 2],
    [undefined, 5, null],
  ]);
});

test('a series that reports less often than the step is one line, and a real silence is a gap', () => {
  const slow = [0, 60, 120, 180, 600, 660].map((time): [number, number] => [time, 1]);
  const opened = openGaps(slow, 15);
  assert.deepEqual(
    opened.filter(([, value]) => value === null),
    [[240, null]],
  );
  assert.equal(opened.length, 7);
});

test('nothing is ever filled with zero', () => {
  assert.deepEqual(openGaps([[0, null]], 10), []);
  assert.equal(
    openGaps(
      [
        [0, 4],
        [10, null],
        [20, 6],
      ],
      10,
    ).some(([, value]) => value === 0),
    false,
  );
});

test('a point between two gaps is found, one on a line is not', () => {
  assert.deepEqual(isolatedPoints([1, null, 2, 3, null, undefined, 4, undefined, null]), [0, 6]);
  assert.deepEqual(isolatedPoints([1, undefined, 2]), []);
  assert.deepEqual(isolatedPoints([undefined, 1]), [1]);
});

test('the last value looks past gaps', () => {
  assert.equal(lastValue([1, 2, null, undefined]), 2);
  assert.equal(lastValue([null]), null);
});
