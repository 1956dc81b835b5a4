import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noTally } from './usage.ts';
import { createUsageLedger } from './usage-ledger.ts';

const NOON = Date.UTC(2027, 0, 31, 12);
const DAY_MS = 86_400_000;

test('a day begins anew at midnight UTC, and the total goes on', () => {
  let nowMs = NOON;
  const usage = createUsageLedger(new Map(), () => nowMs);
  usage.admitted('a');
  usage.accepted('a', { items: 5, bytes: 70 });
  usage.refused('a', 'items');
  nowMs += DAY_MS / 2;
  assert.equal(usage.itemsToday('a'), 0);
  usage.accepted('a', { items: 2, bytes: 30 });
  const { lastUsedUnixMs, today, total } = usage.all().get('a')!;
  assert.equal(lastUsedUnixMs, NOON);
  assert.deepEqual(today, { ...noTally(), requests: 1, items: 2, bytes: 30 });
  const refused = { ...noTally().refused, items: 1 };
  assert.deepEqual(total, { requests: 2, items: 7, bytes: 100, refused });
});

test('a clock that is set back does not begin the day anew', () => {
  let nowMs = NOON;
  const usage = createUsageLedger(new Map(), () => nowMs);
  usage.accepted('a', { items: 5, bytes: 0 });
  nowMs -= DAY_MS;
  assert.equal(usage.itemsToday('a'), 5);
});

test('a clock that was years ahead for a while does not hold the limits of a day that is far away', () => {
  let nowMs = NOON + 4000 * DAY_MS;
  const usage = createUsageLedger(new Map(), () => nowMs);
  usage.accepted('a', { items: 5, bytes: 0 });
  nowMs = NOON;
  assert.equal(usage.itemsToday('a'), 0);
  assert.equal(usage.all().get('a')!.total.items, 5);
});

test('what was known before goes on in days and totals, and is not counted as of this process', () => {
  const first = createUsageLedger(new Map(), () => NOON);
  first.accepted('a', { items: 5, bytes: 1 });
  const second = createUsageLedger(structuredClone(new Map(first.all())), () => NOON);
  assert.equal(second.itemsToday('a'), 5);
  assert.deepEqual(second.counts(), []);
  second.accepted('a', { items: 1, bytes: 1 });
  assert.equal(second.itemsToday('a'), 6);
  assert.deepEqual(second.counts(), [{ key: 'a', outcome: 'accepted', count: 1 }]);
});

test('keys that are gone are forgotten, requests without one are not', () => {
  const usage = createUsageLedger(new Map(), () => NOON);
  for (const id of ['', 'a', 'b']) usage.refused(id, 'failed');
  usage.prune((id) => id === 'b');
  assert.deepEqual([...usage.all().keys()], ['', 'b']);
});

test('a change is told once', () => {
  const usage = createUsageLedger(new Map(), () => NOON);
  assert.equal(usage.takeChanged(), false);
  usage.refused('', 'missing');
  assert.deepEqual([usage.takeChanged(), usage.takeChanged()], [true, false]);
});
