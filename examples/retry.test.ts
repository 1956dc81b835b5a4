import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attempt, retry } from './retry.ts';

function recorder(random: number) {
  const waits: number[] = [];
  const options = {
    attempts: 4,
    baseDelayMs: 100,
    wait: async (delayMs: number) => waits.push(delayMs),
    random: () => random,
  };
  return { waits, options };
}

const refused: Attempt<never> = { kind: 'again', reason: 'busy' };

test('a task that succeeds is run once and nothing is waited for', async () => {
  const { waits, options } = recorder(1);
  const outcome = await retry(options, async (attempt) => ({ kind: 'done', value: attempt }));
  assert.deepEqual(outcome, { kind: 'done', value: 1 });
  assert.deepEqual(waits, []);
});

test('waits double from attempt to attempt', async () => {
  const { waits, options } = recorder(1);
  await retry(options, async () => refused);
  assert.deepEqual(waits, [100, 200, 400]);
});

test('chance takes at most half of a wait', async () => {
  const { waits, options } = recorder(0);
  await retry(options, async () => refused);
  assert.deepEqual(waits, [50, 100, 200]);
});

test('the last refusal is handed back when all attempts are used up', async () => {
  const { options } = recorder(0.5);
  const seen: number[] = [];
  const outcome = await retry(options, async (attempt) => {
    seen.push(attempt);
    return refused;
  });
  assert.deepEqual(outcome, refused);
  assert.deepEqual(seen, [1, 2, 3, 4]);
});

test('a retry is reported with its attempt, its wait and the reason', async () => {
  const { options } = recorder(1);
  const reports: unknown[] = [];
  await retry({ ...options, onRetry: (report) => reports.push(report) }, async (attempt) =>
    attempt === 2 ? { kind: 'done', value: 'ok' } : refused,
  );
  assert.deepEqual(reports, [{ attempt: 1, delayMs: 100, reason: 'busy' }]);
});

test('a fault of the task is not retried', async () => {
  const { waits, options } = recorder(1);
  const failing = retry(options, async () => {
    throw new TypeError('broken task');
  });
  await assert.rejects(failing, /broken task/);
  assert.deepEqual(waits, []);
});
