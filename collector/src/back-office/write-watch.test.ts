import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { createWriteWatch } from './write-watch.ts';

function watchAt(clock: { ms: number }) {
  const logger = createMemoryLogger();
  const watch = createWriteWatch(logger, () => clock.ms);
  const told = () => logger.lines.map(({ level, context }) => [level, context.failures]);
  return { watch, told };
}

test('a failure that goes on is told once a minute, with how many there were', () => {
  const clock = { ms: 0 };
  const { watch, told } = watchAt(clock);
  for (let i = 0; i < 100; i++) watch.failed(new Error('disk full'));
  assert.deepEqual(told(), [['error', 1]]);
  clock.ms = 60_000;
  watch.failed(new Error('disk full'));
  assert.deepEqual(told(), [
    ['error', 1],
    ['error', 101],
  ]);
});

test('another failure is told at once', () => {
  const { watch, told } = watchAt({ ms: 0 });
  watch.failed(new Error('disk full'));
  watch.failed(new Error('read-only'));
  assert.deepEqual(told(), [
    ['error', 1],
    ['error', 2],
  ]);
});

test('the end of a failure is told once, and the next one again', () => {
  const { watch, told } = watchAt({ ms: 0 });
  watch.succeeded();
  assert.equal(watch.failure(), null);
  watch.failed(new Error('disk full'));
  assert.equal(watch.failure(), 'disk full');
  watch.succeeded();
  watch.succeeded();
  assert.equal(watch.failure(), null);
  watch.failed(new Error('disk full'));
  assert.deepEqual(told(), [
    ['error', 1],
    ['info', 1],
    ['error', 1],
  ]);
});

test('a failure that nothing followed for a minute no longer counts, so that senders are let in again', () => {
  const clock = { ms: 0 };
  const { watch } = watchAt(clock);
  watch.failed(new Error('disk full'));
  clock.ms = 59_999;
  assert.equal(watch.failure(), 'disk full');
  clock.ms = 60_000;
  assert.equal(watch.failure(), null);
});
