import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCleanupStack } from './lifecycle.ts';

test('clean-ups run last first, each once, also when one fails', async () => {
  const done: string[] = [];
  const failed: string[] = [];
  const stack = createCleanupStack((name) => failed.push(name));
  stack.push('first', () => void done.push('first'));
  stack.push('broken', async () => {
    throw new Error('boom');
  });
  stack.push('last', async () => void done.push('last'));
  await Promise.all([stack.run(), stack.run()]);
  await stack.run();
  assert.deepEqual(done, ['last', 'first']);
  assert.deepEqual(failed, ['broken']);
});
