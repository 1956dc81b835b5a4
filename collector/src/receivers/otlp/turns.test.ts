import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createTurns } from './turns.ts';

test('no more jobs run at once than there are turns, and all of them run in order', async () => {
  const turns = createTurns(3);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const jobs = Array.from({ length: 20 }, (_, index) =>
    turns.run(async () => {
      started.push(index);
      most = Math.max(most, ++running);
      await setImmediate();
      running--;
      return index;
    }),
  );
  assert.deepEqual(await Promise.all(jobs), started);
  assert.equal(most, 3);
});

test('a job that fails gives its turn to the next', async () => {
  const turns = createTurns(1);
  const failed = turns.run(() => Promise.reject(new Error('broken')));
  const next = turns.run(async () => 'ran');
  await assert.rejects(failed, /broken/);
  assert.equal(await next, 'ran');
  assert.equal(await turns.run(async () => 'again'), 'again');
});
