import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createHarness,
  DELIVERED,
  type HarnessOptions,
  REFUSED,
  RETRY,
  SUSPECT,
  settled,
  turnsUntil,
} from '../testing/harness.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import { DEFAULT_BACK_OFF, delayMs } from './back-off.ts';
import type { Batch, SendOutcome } from './destination.ts';

const namesOf = (batch: Batch) => batch.records.flatMap(({ payload }) => namesIn(payload));

function start(records: string[][], options: HarnessOptions = {}) {
  const source = createMemorySource('logs');
  for (const names of records) source.append({ payload: logsOf(names), items: names.length });
  return { source, ...createHarness(source, options) };
}

test('the back-off doubles up to its limit, half of it by chance', () => {
  const at = (failures: number, random: number) =>
    delayMs(DEFAULT_BACK_OFF, failures, { afterMs: null, random });
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 1000].map((failures) => at(failures, 0)),
    [500, 1000, 2000, 4000, 8000, 15_000, 15_000],
  );
  assert.equal(at(3, 1), 4000);
});

test('Retry-After lengthens a wait, never shortens it, and is granted ten minutes', () => {
  const ask = (afterMs: number) => delayMs(DEFAULT_BACK_OFF, 3, { afterMs, random: 0 });
  assert.deepEqual([0, 7000, 86_400_000].map(ask), [2000, 7000, 600_000]);
});

test('a destination that is away gets everything once it is back, and the log two lines, not one an attempt', async () => {
  let failures = 9;
  const answer = (): SendOutcome => (failures-- > 0 ? RETRY : DELIVERED);
  const box = start([['a'], ['b']], { answer });
  await box.consumer.start();
  await turnsUntil(() => box.consumer.account().state === 'retrying', [box.consumer]);
  assert.equal(box.consumer.account().lastError, 'away');
  assert.ok(box.consumer.account().nextAttemptUnixMs! > 0);
  assert.equal(box.consumer.account().oldestWaitingUnixMs, 0);
  await settled(box);
  assert.deepEqual(namesOf(box.batches.at(-1)!), ['a', 'b']);
  assert.equal(box.consumer.account().lastError, null);
  const lines = box.events.filter(({ kind }) => kind === 'retrying' || kind === 'recovered');
  assert.deepEqual(
    lines.map((event) => (event as { failures: number }).failures),
    [1, 2, 4, 8, 9],
  );
  await box.consumer.stop();
});

test('what a cap removes while the destination is away is counted as expired', async () => {
  const box = start(
    Array.from({ length: 8 }, (_, at) => [`${at}`]),
    { answer: () => RETRY },
  );
  await box.consumer.start();
  await turnsUntil(() => box.batches.length > 2, [box.consumer]);
  box.source.expireBefore(9);
  await settled(box);
  assert.equal(box.consumer.account().expired, 8);
  await box.consumer.stop();
});

test('damaged records are counted and their neighbours arrive', async () => {
  const source = createMemorySource('logs');
  for (const name of ['a', 'b', 'c', 'd']) source.append({ payload: logsOf([name]), items: 1 });
  source.damage(2);
  source.damage(3, { header: true });
  const box = createHarness(source);
  await box.consumer.start();
  await settled(box);
  assert.deepEqual(box.batches.flatMap(namesOf), ['a', 'd']);
  assert.equal(box.consumer.account().damaged, 2);
  await box.consumer.stop();
});

test('500 while the destination is not ready is an outage: nothing is taken apart', async () => {
  let isReady = false;
  const box = start([['a', 'b']], { isReady: () => isReady, answer: () => (isReady ? DELIVERED : SUSPECT) });
  await box.consumer.start();
  await turnsUntil(() => box.batches.length > 5, [box.consumer]);
  assert.ok(box.batches.every(({ items }) => items === 2));
  isReady = true;
  await settled(box);
  assert.equal(box.consumer.account().delivered, 2);
  await box.consumer.stop();
});

test('500 twice while it is ready takes the batch apart; the one item goes aside', async () => {
  const answer = (batch: Batch) => (namesOf(batch).includes('bad') ? SUSPECT : DELIVERED);
  const box = start([['a', 'b'], ['bad', 'c'], ['d']], { answer });
  await box.consumer.start();
  await settled(box);
  assert.deepEqual([...box.letters.kept.keys()], ['2-0-1']);
  assert.equal(box.consumer.account().delivered, 4);
  await box.consumer.stop();
});

test('one item of ten thousand goes aside and the rest arrives, within few requests', async () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `n${at}`);
  const answer = (batch: Batch) => (namesOf(batch).includes('n7777') ? REFUSED : DELIVERED);
  const box = start([names], { answer });
  await box.consumer.start();
  await settled(box);
  assert.equal(box.consumer.account().delivered, 9999);
  assert.deepEqual([...box.letters.kept.keys()], ['1-7777-7778']);
  assert.equal(box.letters.kept.get('1-7777-7778')!.letter.reason, 'bad');
  assert.ok(box.batches.length <= 29, String(box.batches.length));
  await box.consumer.stop();
});

test('requests of one search are bounded; what is undecided then goes aside in larger pieces', async () => {
  const names = Array.from({ length: 100 }, (_, at) => `n${at}`);
  const box = start([names, ['x']], { answer: () => REFUSED, tuning: { maxSplitRequests: 10 } });
  await box.consumer.start();
  await settled(box);
  assert.equal(box.consumer.account().deadLettered, 101);
  assert.ok(box.batches.length <= 11);
  assert.deepEqual(
    [...box.letters.kept.values()].flatMap(({ bytes }) => namesIn(bytes)).sort(),
    [...names, 'x'].sort(),
  );
  const splits = box.events.filter(({ kind }) => kind === 'split');
  assert.equal(splits.length, 1);
  await box.consumer.stop();
});

test('an outage in the middle of a search waits and dead-letters nothing that would pass', async () => {
  let sends = 0;
  const answer = (batch: Batch) => {
    sends++;
    if (sends > 2 && sends < 8) return RETRY;
    return namesOf(batch).includes('bad') ? REFUSED : DELIVERED;
  };
  const box = start([['a', 'b', 'bad', 'c']], { answer });
  await box.consumer.start();
  await settled(box);
  assert.deepEqual([...box.letters.kept.keys()], ['1-2-3']);
  assert.equal(box.consumer.account().delivered, 3);
  await box.consumer.stop();
});

test('a destination that throws is suspect, and never ends the consumer', async () => {
  const source = createMemorySource('logs');
  source.append({ payload: logsOf(['a', 'b']), items: 2 });
  let throws = 2;
  const box = createHarness(source, {
    destination: {
      async send() {
        if (throws-- > 0) throw new Error('broken');
        return DELIVERED;
      },
    },
    tuning: {},
    allowFaults: true,
  });
  await box.consumer.start();
  await settled(box);
  assert.equal(box.consumer.account().delivered, 2);
  await box.consumer.stop();
});

test('items that the destination left out are refused, and told once with its message', async () => {
  const box = start([['a', 'b'], ['c']], {
    answer: () => ({ kind: 'delivered', refusedItems: 2, message: 'old' }),
  });
  await box.consumer.start();
  await settled(box);
  const { delivered, refused } = box.consumer.account();
  assert.deepEqual({ delivered, refused }, { delivered: 1, refused: 2 });
  assert.deepEqual(
    box.events.filter(({ kind }) => kind === 'partly_refused'),
    [{ kind: 'partly_refused', tenant: '', items: 2, message: 'old' }],
  );
  await box.consumer.stop();
});

test('stopping ends a wait at once, twice is harmless, and what was queued is sent after the next start', async () => {
  const box = start([['a']], { answer: () => RETRY });
  await box.consumer.start();
  await turnsUntil(() => box.consumer.account().state === 'retrying', [box.consumer]);
  await Promise.all([box.consumer.stop(), box.consumer.stop()]);
  assert.equal(box.keeper.last()!.sequence, 1);
  const next = createHarness(box.source, { keeper: box.keeper });
  await next.consumer.start();
  await settled(next);
  assert.deepEqual(next.batches.flatMap(namesOf), ['a']);
  await next.consumer.stop();
});

test('stopping lets a request under way end, and aborts it when its grace is over', async () => {
  let aborted = false;
  const box = start([['a']], {
    answer: (_batch, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          resolve(RETRY);
        });
      }),
  });
  await box.consumer.start();
  await turnsUntil(() => box.batches.length === 1, [box.consumer]);
  await box.consumer.stop();
  assert.equal(aborted, true);
  assert.equal(box.consumer.account().waiting, 1);
});

const UNANSWERED: SendOutcome = { kind: 'retry', reason: 'reset', afterMs: null, isUnanswered: true };

test('a batch on which the destination breaks off while it takes others is taken apart, and only the item at fault kept aside', async () => {
  const answer = (batch: Batch) => (namesOf(batch).includes('bomb') ? UNANSWERED : DELIVERED);
  const box = start([['a', 'bomb', 'b'], ['c']], { answer });
  await box.consumer.start();
  await settled(box);
  const { delivered, deadLettered } = box.consumer.account();
  assert.deepEqual({ delivered, deadLettered }, { delivered: 3, deadLettered: 1 });
  await box.consumer.stop();
});

test('a destination that answers nobody is away, however long: nothing is kept aside', async () => {
  let failures = 20;
  const answer = () => (failures-- > 0 ? UNANSWERED : DELIVERED);
  const box = start([['a']], { answer });
  await box.consumer.start();
  await settled(box);
  assert.equal(box.consumer.account().deadLettered, 0);
  await box.consumer.stop();
});
