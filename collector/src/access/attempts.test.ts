import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStoppedClock } from './access.fixture.ts';
import { createAttempts } from './attempts.ts';

function failTimes(attempts: ReturnType<typeof createAttempts>, times: number, [address, account]: string[]) {
  return Array.from({ length: times }, () => attempts.begin(address!, account!).kind);
}

test('after five failures each further one doubles the wait, up to a quarter of an hour', () => {
  const clock = createStoppedClock();
  const attempts = createAttempts(clock.nowMs);
  assert.deepEqual(failTimes(attempts, 5, ['192.0.2.1', 'ann']), Array(5).fill('go'));
  const waits: number[] = [];
  for (let i = 0; i < 14; i++) {
    const attempt = attempts.begin('192.0.2.1', 'ann');
    assert.equal(attempt.kind, 'wait');
    if (attempt.kind === 'wait') waits.push(attempt.seconds);
    clock.pass(waits.at(-1)! * 1000);
    assert.equal(attempts.begin('192.0.2.1', 'ann').kind, 'go');
  }
  assert.deepEqual(waits.slice(0, 6), [1, 2, 4, 8, 16, 32]);
  assert.equal(Math.max(...waits), 900);
});

test('a clock that is set back makes nobody wait for longer', () => {
  const clock = createStoppedClock();
  const attempts = createAttempts(clock.nowMs);
  failTimes(attempts, 5, ['192.0.2.1', 'ann']);
  clock.pass(-86_400_000);
  assert.deepEqual(attempts.begin('192.0.2.1', 'ann'), { kind: 'wait', seconds: 1 });
});

test('whoever owns the account gets in from elsewhere while a stranger is made to wait', () => {
  const attempts = createAttempts(createStoppedClock().nowMs);
  failTimes(attempts, 10, ['192.0.2.1', 'ann']);
  assert.equal(attempts.begin('192.0.2.1', 'ann').kind, 'wait');
  assert.equal(attempts.begin('198.51.100.7', 'ann').kind, 'go');
});

test('one address that tries many accounts is made to wait as well, an IPv6 network counting as one', () => {
  const attempts = createAttempts(createStoppedClock().nowMs);
  const kinds = Array.from({ length: 21 }, (_, i) => attempts.begin('192.0.2.1', `user${i}`).kind);
  assert.deepEqual([kinds.slice(0, 20).includes('wait'), kinds[20]], [false, 'wait']);
  const hosts = Array.from(
    { length: 21 },
    (_, i) => attempts.begin(`2001:db8:0:1::${i + 1}`, `user${i}`).kind,
  );
  assert.equal(hosts[20], 'wait');
  assert.equal(attempts.begin('2001:db8:0:2::1', 'ann').kind, 'go');
});

test('who gets in begins anew, and attempts at the same time count before they are decided', () => {
  const attempts = createAttempts(createStoppedClock().nowMs);
  failTimes(attempts, 4, ['192.0.2.1', 'ann']);
  const right = attempts.begin('192.0.2.1', 'ann');
  assert.equal(attempts.begin('192.0.2.1', 'ann').kind, 'wait');
  if (right.kind === 'go') right.succeeded();
  assert.deepEqual(failTimes(attempts, 5, ['192.0.2.1', 'ann']), Array(5).fill('go'));
});

test('when very many addresses fail, those that failed wait and others may still try', () => {
  const clock = createStoppedClock();
  const attempts = createAttempts(clock.nowMs);
  for (let i = 0; i < 300; i++) attempts.begin(`10.0.${i >> 8}.${i & 255}`, 'ann');
  assert.equal(attempts.begin('10.0.0.1', 'ann').kind, 'wait');
  assert.equal(attempts.begin('192.0.2.9', 'ann').kind, 'go');
  clock.pass(60_000);
  assert.equal(attempts.begin('10.0.0.1', 'ann').kind, 'go');
});

test('an hour later it is forgotten, and strangers cannot make it grow without end', () => {
  const clock = createStoppedClock();
  const attempts = createAttempts(clock.nowMs);
  failTimes(attempts, 5, ['192.0.2.1', 'ann']);
  clock.pass(3_600_001);
  assert.deepEqual(failTimes(attempts, 5, ['192.0.2.1', 'ann']), Array(5).fill('go'));
  for (let i = 0; i < 25_000; i++) attempts.begin(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 'ann');
  assert.equal(attempts.begin('192.0.2.1', 'ann').kind, 'go', 'the oldest made room');
});
