import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromLine } from './alert-line.ts';
import { createAlertShelf, type ShelfLimits } from './alert-shelf.ts';
import { brief, notice, SECOND, TEN } from './testing/notices.ts';

const LIMITS: ShelfLimits = {
  maxAlerts: 1000,
  maxEpisodes: 1000,
  maxBytes: 1_000_000,
  maxAgeNano: 1000n * SECOND,
};
const at = (second: number) => TEN + BigInt(second) * SECOND;

function shelfOf(limits: Partial<ShelfLimits> = {}) {
  const shelf = createAlertShelf({ ...LIMITS, ...limits });
  /** A firing alert of this fingerprint, and its end when there is one. */
  const tell = (fingerprint: string, { starts, ends }: { starts: number; ends?: number }) => {
    shelf.apply(notice('firing', { fingerprint, starts }), at(starts));
    if (ends !== undefined) shelf.apply(notice('resolved', { fingerprint, starts, ends }), at(ends));
  };
  const shown = () => shelf.alerts().map((alert) => `${alert.fingerprint} ${brief(alert)}`);
  return { ...shelf, tell, shown };
}

test('resolved ones make room first, of those the one told of longest ago', () => {
  const shelf = shelfOf({ maxAlerts: 3 });
  shelf.tell('fires', { starts: 0 });
  shelf.tell('new', { starts: 1, ends: 60 });
  shelf.tell('old', { starts: 2, ends: 50 });
  shelf.tell('another', { starts: 70 });
  assert.deepEqual(shelf.tidy(at(100)), { age: 0, room: 1 });
  assert.deepEqual(shelf.shown(), ['fires firing 0-', 'new resolved 1-60', 'another firing 70-']);
});

test('with nothing but firing ones the one told of longest ago goes', () => {
  const shelf = shelfOf({ maxAlerts: 2 });
  for (const [index, fingerprint] of ['a', 'b', 'c'].entries()) shelf.tell(fingerprint, { starts: index });
  shelf.apply(notice('firing', { fingerprint: 'a' }), at(10));
  assert.deepEqual(shelf.tidy(at(100)), { age: 0, room: 1 });
  assert.deepEqual(shelf.shown(), ['c firing 2-', 'a firing 0-']);
});

test('an alert that comes and goes keeps its last episodes and leaves the others alone', () => {
  const shelf = shelfOf({ maxEpisodes: 2 });
  shelf.tell('other', { starts: 0, ends: 1 });
  for (let i = 1; i <= 5; i++) shelf.tell('flaps', { starts: i * 20, ends: i * 20 + 5 });
  assert.deepEqual(shelf.tidy(at(200)), { age: 0, room: 3 });
  assert.deepEqual(shelf.shown(), ['other resolved 0-1', 'flaps resolved 80-85', 'flaps resolved 100-105']);
});

test('what is not told of any more goes by age; what fires is told again and stays', () => {
  const shelf = shelfOf();
  shelf.tell('fires', { starts: 0 });
  shelf.tell('over', { starts: 0, ends: 10 });
  shelf.tell('silent', { starts: 10 });
  shelf.apply(notice('firing', { fingerprint: 'fires' }), at(11));
  assert.deepEqual(shelf.tidy(at(1010)), { age: 0, room: 0 });
  assert.deepEqual(shelf.tidy(at(1011)), { age: 2, room: 0 });
  assert.deepEqual(shelf.shown(), ['fires firing 0-']);
});

test('the lines are never longer together than they may be, whatever characters they have', () => {
  const shelf = shelfOf({ maxBytes: 5000 });
  for (let i = 0; i < 30; i++) {
    const labels = { text: 'ü'.repeat(100) };
    shelf.apply(notice('firing', { fingerprint: `f${i}`, labels }), at(i));
    shelf.tidy(at(i));
    assert.ok(Buffer.byteLength(shelf.lines().join('')) <= 5000);
  }
  assert.ok(shelf.alerts().length >= 5);
});

test('the lines are the alerts', () => {
  const shelf = shelfOf();
  shelf.tell('a', { starts: 0, ends: 10 });
  shelf.tell('a', { starts: 20 });
  const read = shelf.lines().map((line) => fromLine(line.trimEnd()));
  assert.deepEqual(read, shelf.alerts());
});

test('what is put back in any order is known as before', () => {
  const shelf = shelfOf();
  for (const starts of [0, 20, 40]) shelf.tell('a', { starts, ends: starts + 5 });
  const again = shelfOf();
  for (const alert of shelf.alerts().reverse()) again.put(alert);
  assert.equal(again.apply(notice('firing', { fingerprint: 'a', starts: 20 }), at(900)), 'late');
  assert.equal(again.apply(notice('firing', { fingerprint: 'a', starts: 60 }), at(900)), 'taken');
  assert.equal(again.alerts().length, 4);
});
