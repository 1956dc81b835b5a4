import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, journal, report } from './account.fixture.ts';
import { verdictOf } from './verdict.ts';

test('when nothing waits, everything is delivered, and it says of how much', () => {
  const { detail, kind, text } = verdictOf(
    report(
      [account({ destination: 'store' }), account()],
      [journal({ accepted: 1234 }), journal({ signal: 'logs', accepted: 1 })],
    ),
  );
  assert.deepEqual([kind, text], ['well', 'Everything accepted is delivered']);
  assert.equal(detail, '1,234 spans, 1 log record → store, otlp');
});

test('what is on its way is counted over all destinations', () => {
  const { kind, text } = verdictOf(
    report([account({ waiting: 3 }), account({ signal: 'logs', waiting: 4 })]),
  );
  assert.equal(kind, 'moving');
  assert.match(text, /7 items to go$/);
});

test('nothing accepted is not the same as everything delivered', () => {
  const empty = [journal({ accepted: 0 })];
  assert.equal(verdictOf(report([account({ accepted: 0 })], empty)).kind, 'nothing');
  assert.equal(verdictOf(report([], empty)).kind, 'nothing');
});
