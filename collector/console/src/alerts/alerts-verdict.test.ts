import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertsResponse } from '#api/schemas/alerts.ts';
import { alertsVerdict } from './alerts-verdict.ts';

const NOW = Date.parse('2026-01-31T10:00:00Z');
const heard = (minutesAgo: number): NonNullable<AlertsResponse['watchdog']> => ({
  state: 'firing',
  isHeard: minutesAgo <= 15,
  lastNotifiedUnixNano: String(BigInt(NOW - minutesAgo * 60_000) * 1_000_000n),
});
const verdictOf = (firing: number, watchdog: AlertsResponse['watchdog']) =>
  alertsVerdict({ counts: { firing, resolved: 3 }, watchdog }, NOW);

test('nothing fires, and the Watchdog shows that it would be known', () => {
  assert.deepEqual(verdictOf(0, heard(2)), {
    kind: 'well',
    text: 'Nothing is firing',
    detail: 'the Watchdog was heard 2m ago: alerts get here',
  });
});

test('what was heard this second was heard just now, also by a clock that is behind', () => {
  assert.match(verdictOf(0, heard(0)).detail, /heard just now:/);
  assert.match(verdictOf(0, heard(-5)).detail, /heard just now:/);
});

test('silence is no good news without a Watchdog, and doubtful with one that is not heard', () => {
  const never = verdictOf(0, null);
  assert.equal(never.kind, 'quiet');
  assert.match(never.text, /as far as is known/);
  const late = verdictOf(0, heard(125));
  assert.equal(late.kind, 'doubt');
  assert.match(late.text, /as far as is known/);
  assert.equal(late.detail, 'the Watchdog was last heard 2h ago: alerts may not get here');
  const over = verdictOf(0, { ...heard(1), state: 'resolved', isHeard: false });
  assert.equal(over.kind, 'doubt');
  assert.match(over.detail, /told to be over 1m ago/);
});

test('what fires is counted, and the doubt is told as well', () => {
  assert.deepEqual(verdictOf(1, heard(1)).text, '1 alert is firing');
  const many = verdictOf(1200, heard(60));
  assert.deepEqual([many.kind, many.text], ['firing', '1,200 alerts are firing']);
  assert.match(many.detail, /alerts may not get here/);
});
