import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSort, sortRows } from '../widgets/sort.ts';
import { AT, account } from './account.fixture.ts';
import {
  accountSortValue,
  countItems,
  isFailing,
  isSlow,
  lostItems,
  missingItems,
  stateOf,
  sumText,
} from './account-state.ts';

const SECONDS_AGO = '2026-01-31T09:59:55.000Z';
const MINUTES_AGO = '2026-01-31T09:55:00.000Z';
const FRESH = account({ waiting: 3, oldestWaitingAt: SECONDS_AGO });
const OLD = account({ waiting: 3, oldestWaitingAt: MINUTES_AGO });
const word = (changes: Parameters<typeof account>[0]) => stateOf(account({ ...FRESH, ...changes }), AT).word;

test('what waits for seconds is on its way, what waits for minutes is slow', () => {
  assert.deepEqual(stateOf(account(), AT), { word: 'up to date', tone: 'plain' });
  assert.deepEqual(stateOf(FRESH, AT), { word: 'waiting', tone: 'plain' });
  assert.equal(word({ state: 'sending' }), 'sending');
  assert.deepEqual(stateOf(OLD, AT), { word: 'slow', tone: 'warning' });
  assert.deepEqual([isSlow(FRESH, AT), isSlow(OLD, AT)], [false, true]);
});

test('a failed attempt is broken, however short ago, and stays so while the next one is under way', () => {
  for (const changes of [
    { state: 'retrying' as const },
    { state: 'splitting' as const },
    { state: 'sending' as const, lastError: 'refused' },
  ]) {
    const failing = account({ ...FRESH, ...changes });
    assert.ok(isFailing(failing));
    assert.equal(stateOf(failing, AT).tone, 'bad');
    assert.equal(isSlow(account({ ...OLD, ...changes }), AT), false);
  }
  assert.equal(word({ state: 'splitting', lastError: 'refused' }), 'splitting');
  assert.equal(word({ state: 'sending', lastError: 'refused' }), 'retrying');
});

test('dead letters that are sent again can fail while nothing waits', () => {
  const replaying = account({ state: 'retrying', lastError: 'refused' });
  assert.ok(isFailing(replaying));
  assert.equal(stateOf(replaying, AT).word, 'retrying');
});

test('an old error is not told while nothing waits', () => {
  const done = account({ lastError: 'refused' });
  assert.equal(isFailing(done), false);
  assert.equal(stateOf(done, AT).word, 'up to date');
});

test('the sum says how many are missing or too many', () => {
  const counts = account({ waiting: 2, expired: 3, refused: 4, deadLettered: 5, damaged: 6 });
  assert.equal(missingItems(counts), 0);
  assert.equal(lostItems(counts), 13);
  assert.equal(missingItems({ ...counts, delivered: counts.delivered - 7 }), 7);
  assert.equal(missingItems({ ...counts, delivered: counts.delivered + 1 }), -1);
});

test('the sum is written out with every digit', () => {
  const text = sumText(account({ accepted: 1_234_567, waiting: 4567, expired: 1 }));
  assert.equal(
    text,
    '1,234,567 accepted = 1,229,999 delivered + 4,567 waiting + 1 expired + 0 refused + 0 dead-lettered + 0 damaged',
  );
  assert.match(sumText(account({ delivered: 99, balanced: false })), /^100 accepted ≠ 99 delivered/);
});

test('items are called by what they are, and only a mixture is items', () => {
  const of = (...signals: ('traces' | 'metrics' | 'logs')[]) => signals.map((signal) => ({ signal }));
  assert.equal(countItems(1, of('traces')), '1 span');
  assert.equal(countItems(1200, of('metrics', 'metrics')), '1,200 data points');
  assert.equal(countItems(2, of('logs')), '2 log records');
  assert.equal(countItems(2, of('logs', 'traces')), '2 items');
});

test('by state, what needs somebody comes first', () => {
  const rows = {
    done: account(),
    moving: FRESH,
    lost: account({ expired: 1 }),
    dead: account({ deadLettered: 1 }),
    slow: OLD,
    failing: account({ ...FRESH, state: 'retrying' }),
    unbalanced: account({ balanced: false, delivered: 1 }),
  };
  const sorted = sortRows(Object.entries(rows), readSort('-state'), ([, row]) =>
    accountSortValue(row, { at: AT, column: 'state' }),
  );
  assert.deepEqual(
    sorted.map(([name]) => name),
    ['unbalanced', 'failing', 'slow', 'lost', 'dead', 'moving', 'done'],
  );
});

test('every other column is sorted by what it shows', () => {
  const row = account({ destination: 'a', signal: 'logs', accepted: 20, waiting: 2, expired: 3 });
  const off = { ...row, delivered: 30, refused: 4, deadLettered: 5, damaged: 6 };
  const by = (column: string) => accountSortValue(off, { at: AT, column });
  assert.deepEqual(['destination', 'signal'].map(by), ['a', 'logs']);
  assert.deepEqual(
    ['accepted', 'delivered', 'waiting', 'expired', 'refused', 'deadLettered', 'damaged', 'sum'].map(by),
    [20, 30, 2, 3, 4, 5, 6, 30],
  );
});
