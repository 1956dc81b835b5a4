import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactTime, formatClock, formatDateTime, formatTick, nanosSince, nanoToMs } from './time.ts';

const NANO = '1769854272345678901';
const MS = 1769854272345;

test('an exact time shows every digit that was sent', () => {
  assert.equal(exactTime(NANO, 'utc'), '2026-01-31 10:11:12.345678901 UTC');
  assert.equal(exactTime('0', 'utc'), '1970-01-01 00:00:00.000000000 UTC');
});

test('a clock time names the date only when it is another day', () => {
  assert.equal(formatClock(MS, 'utc', MS + 1000), '10:11:12.345');
  assert.equal(formatClock(MS, 'utc', MS + 86_400_000), '01-31 10:11:12.345');
});

test('nanoseconds become milliseconds, and distances stay exact', () => {
  assert.equal(Math.floor(nanoToMs(NANO)), MS);
  assert.equal(nanosSince('1769854272345678902', NANO), 1);
  assert.equal(nanosSince(NANO, '1769854272345678902'), -1);
});

test('ticks show what differs in the range', () => {
  assert.equal(formatTick(MS, 'utc', 60_000), '10:11:12');
  assert.equal(formatTick(MS, 'utc', 3_600_000), '10:11');
  assert.equal(formatTick(MS, 'utc', 7 * 86_400_000), '01-31');
});

test('a time that no date can hold does not break the page', () => {
  assert.equal(formatDateTime(Number.NaN, 'utc'), 'unknown unknown');
  assert.match(exactTime('18446744073709551615', 'utc'), /^2554-/);
});
