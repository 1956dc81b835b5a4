import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logOf } from '../traces/span.fixture.ts';
import { EMPTY_TAIL, releaseLines, takeLines } from './tail-buffer.ts';

const lines = (...ids: string[]) => ids.map((id) => logOf({ id }));
const ids = (logs: readonly { id: string }[]) => logs.map(({ id }) => id).join('');

test('new lines stand on top, the newest first', () => {
  let tail = takeLines(EMPTY_TAIL, lines('a', 'b'), { held: false });
  tail = takeLines(tail, lines('c'), { held: false });
  assert.equal(ids(tail.shown), 'cba');
});

test('while held lines wait, and all of them come when let go', () => {
  let tail = takeLines(EMPTY_TAIL, lines('a'), { held: false });
  tail = takeLines(tail, lines('b', 'c'), { held: true });
  assert.equal(ids(tail.shown), 'a');
  assert.equal(ids(tail.waiting), 'cb');
  tail = releaseLines(tail);
  assert.equal(ids(tail.shown), 'cba');
  assert.equal(tail.waiting.length, 0);
});

test('what does not fit is counted: waiting lines as dropped, shown ones as forgotten', () => {
  const limits = { shown: 3, waiting: 2 };
  let tail = takeLines(EMPTY_TAIL, lines('a', 'b', 'c'), { held: true, limits });
  assert.equal(ids(tail.waiting), 'cb');
  assert.equal(tail.dropped, 1);
  tail = takeLines(releaseLines(tail, limits), lines('d', 'e'), { held: false, limits });
  assert.equal(ids(tail.shown), 'edc');
  assert.equal(tail.forgotten, 1);
});
