import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AT, journal } from './account.fixture.ts';
import { journalUse, roomText } from './journal-use.ts';

test('bytes and age are told as shares of their limits', () => {
  assert.deepEqual(journalUse(journal(), AT), { bytesShare: 0.25, ageMs: 3_600_000, ageShare: 1 / 48 });
});

test('an empty journal has no age, which is not an age of zero', () => {
  const { ageMs, ageShare, bytesShare } = journalUse(journal({ bytes: 0, oldestAt: null }), AT);
  assert.deepEqual([bytesShare, ageMs, ageShare], [0, null, null]);
});

test('a bar never leaves its track, also above the limit or without one', () => {
  assert.equal(journalUse(journal({ bytes: 2000 }), AT).bytesShare, 1);
  assert.equal(journalUse(journal({ maxBytes: 0 }), AT).bytesShare, 0);
  assert.equal(journalUse(journal({ oldestAt: '2026-01-01T00:00:00.000Z' }), AT).ageShare, 1);
});

test('a full journal says what follows from it', () => {
  assert.equal(roomText(0.25), 'the journal is 25% full');
  assert.match(roomText(0.98), /98% full$/);
  assert.match(roomText(1), /the oldest goes, or senders get 503/);
});
