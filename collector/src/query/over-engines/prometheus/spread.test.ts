import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadCounts, spreadValues } from './spread.ts';

const _ = null;

test('a count is shared with the empty steps before it', () => {
  assert.deepEqual(spreadCounts([6, _, _, 9, _, _, 0, _], 10), [6, 3, 3, 3, 0, 0, 0, _]);
  assert.deepEqual(spreadCounts([1, 2, 3], 10), [1, 2, 3]);
  assert.deepEqual(spreadCounts([_, _], 10), [_, _]);
});

test('the first count is shared as far back as the second, if there is one', () => {
  assert.deepEqual(spreadCounts([_, _, _, 4, _, 6], 10), [_, _, 2, 2, 3, 3]);
  assert.deepEqual(spreadCounts([_, _, 4, _, _, _, 8], 10), [4 / 3, 4 / 3, 4 / 3, 2, 2, 2, 2]);
  assert.deepEqual(spreadCounts([_, _, 4], 10), [_, _, 4]);
});

test('a long silence is not filled with what came at its end', () => {
  assert.deepEqual(spreadCounts([1, _, _, _, _, _, 9], 2), [1, _, _, _, 3, 3, 3]);
});

test('a quantile is that of all steps it was counted over', () => {
  assert.deepEqual(spreadValues([5, _, _, 7, _], 10), [5, 7, 7, 7, _]);
});
