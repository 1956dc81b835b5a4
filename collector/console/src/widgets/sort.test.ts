import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSort, sortRows, sortText } from './sort.ts';

test('the order survives the address', () => {
  for (const text of ['p95', '-p95']) assert.equal(sortText(readSort(text)), text);
});

test('missing values stay at the end in both directions', () => {
  const rows = [3, null, 1];
  const read = (row: number | null) => row;
  assert.deepEqual(sortRows(rows, readSort('x'), read), [1, 3, null]);
  assert.deepEqual(sortRows(rows, readSort('-x'), read), [3, 1, null]);
  assert.deepEqual(rows, [3, null, 1]);
});

test('names are ordered as people do', () => {
  assert.deepEqual(
    sortRows(['b', 'A', 'c'], readSort('name'), (row) => row),
    ['A', 'b', 'c'],
  );
});
