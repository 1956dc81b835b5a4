import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageMs, spanText, untilText } from './ages.ts';

const AT = '2026-01-31T10:00:00.000Z';

test('an age is whole seconds, then the two largest units', () => {
  assert.deepEqual([400, 1999, 59_999, 303_000, 187_200_000].map(spanText), [
    'under 1 s',
    '1 s',
    '59 s',
    '5m 3s',
    '2d 4h',
  ]);
});

test('an age is measured between two times of the collector, and a jump of its clock makes none negative', () => {
  assert.equal(ageMs(AT, '2026-01-31T09:59:48.000Z'), 12_000);
  assert.equal(ageMs(AT, '2026-01-31T10:00:01.000Z'), 0);
});

test('what was due is now', () => {
  assert.equal(untilText(AT, '2026-01-31T10:00:12.500Z'), 'in 12 s');
  assert.equal(untilText(AT, '2026-01-31T09:59:59.000Z'), 'now');
  assert.equal(untilText(AT, AT), 'now');
});
