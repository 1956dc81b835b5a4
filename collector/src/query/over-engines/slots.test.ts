import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { NEVER } from '#test/support/temp-store.ts';
import { createSlots } from './slots.ts';

test('no more run at once than there are slots, the rest in their order, also past failures', async () => {
  const slots = createSlots({ running: 2, waiting: 10 });
  let running = 0;
  let most = 0;
  const ended: number[] = [];
  const task = (n: number) => async () => {
    most = Math.max(most, ++running);
    await turn();
    running--;
    ended.push(n);
    if (n % 2 === 0) throw new Error(`${n} failed`);
  };
  const all = [0, 1, 2, 3, 4, 5, 6].map((n) => slots.run(task(n), NEVER));
  const ends = await Promise.allSettled(all);
  assert.equal(most, 2);
  assert.deepEqual(ended, [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(
    ends.map(({ status }) => status === 'rejected'),
    [true, false, true, false, true, false, true],
  );
});

test('who would have to wait behind too many is refused; who goes away leaves the line', async () => {
  const slots = createSlots({ running: 1, waiting: 1 });
  let finish = () => {};
  const first = slots.run(() => new Promise<void>((resolve) => (finish = resolve)), NEVER);
  const gone = new AbortController();
  const second = slots.run(async () => 'second', gone.signal);
  await assert.rejects(
    slots.run(async () => 'third', NEVER),
    /too many queries are waiting/,
  );
  gone.abort();
  await assert.rejects(second, { name: 'InterruptedError' });
  const fourth = slots.run(async () => 'fourth', NEVER);
  finish();
  await first;
  assert.equal(await fourth, 'fourth');
});
