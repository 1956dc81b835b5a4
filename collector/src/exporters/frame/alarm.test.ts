import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAlarm } from './alarm.ts';

function alarmAt(clock: { ms: number }) {
  const sleeps: { ms: number; wake: () => void }[] = [];
  let rings = 0;
  const sleep = (ms: number) => new Promise<void>((wake) => sleeps.push({ ms, wake }));
  const timing = { now: () => clock.ms, random: () => 0, sleep };
  const set = createAlarm(() => rings++, { timing, stopping: new AbortController().signal });
  return { set, sleeps, rings: () => rings };
}

test('a time that passed after the caller looked still rings', async () => {
  const clock = { ms: 1000 };
  const { rings, set, sleeps } = alarmAt(clock);
  clock.ms = 1051;
  set(1050, 1000);
  assert.deepEqual(
    sleeps.map(({ ms }) => ms),
    [0],
  );
  sleeps[0]!.wake();
  await Promise.resolve();
  assert.equal(rings(), 1);
});

test('what was due when the caller looked does not ring, nor does a later time than one that is set', () => {
  const { set, sleeps } = alarmAt({ ms: 1000 });
  set(1000, 1000);
  assert.equal(sleeps.length, 0);
  set(1100, 1000);
  set(1200, 1000);
  assert.equal(sleeps.length, 1);
  set(1010, 1000);
  assert.deepEqual(
    sleeps.map(({ ms }) => ms),
    [100, 10],
  );
});
