import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import type { LogTail } from '#query/log-results.ts';
import type { LogFilters } from '#query/requests.ts';
import { EPOCH, logsPayload, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore, type TempStore } from '#test/support/temp-store.ts';

const ALL: LogFilters = {
  service: null,
  minSeverity: 0,
  words: [],
  traceId: null,
  spanId: null,
  attributes: [],
};

function logs(service: string, ...bodies: string[]) {
  return logsPayload(
    { service },
    bodies.map((body) => ({ body, time: EPOCH })),
  );
}

async function take(tail: LogTail): Promise<{ bodies: string[]; dropped: number }> {
  const { dropped, logs: found } = await tail.next(NEVER);
  return { bodies: found.map((log) => stringifyExact(log.body).slice(1, -1)), dropped };
}

/** A tail that waits: what was there before is behind it. */
async function follow(temp: TempStore, filters: Partial<LogFilters> = {}) {
  const tail = temp.query.tailLogs({ ...ALL, ...filters });
  const first = take(tail);
  await temp.value('SELECT 1');
  await temp.value('SELECT 1');
  return { tail, first };
}

test('a tail hands out what arrives, in the order of arrival, and nothing from before', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(logs('a', 'before'));
  const { tail, first } = await follow(temp);
  await temp.accept(logs('a', 'one', 'two'));
  assert.deepEqual(await first, { bodies: ['one', 'two'], dropped: 0 });
  await temp.accept(logs('b', 'three'), logs('a', 'four'));
  assert.deepEqual(await take(tail), { bodies: ['three', 'four'], dropped: 0 });
  tail.close();
});

test('a tail waits through commits without logs that match it', async (context) => {
  const temp = await openTempStore(context);
  const { first, tail } = await follow(temp, { service: 'b' });
  const span = { trace: 'a'.repeat(32), span: 'b'.repeat(16), start: EPOCH };
  await temp.accept(tracesPayload({ service: 'b' }, [span]), logs('a', 'not this'), logs('b', 'this'));
  assert.deepEqual(await first, { bodies: ['this'], dropped: 0 });
  tail.close();
});

test('a reader that is too slow gets the newest and is told how many it missed', async (context) => {
  const temp = await openTempStore(context);
  const { first, tail } = await follow(temp);
  await temp.accept(logs('a', 'start'));
  await first;
  await temp.accept(logs('a', ...Array.from({ length: 1203 }, (_, n) => `${n}`)));
  const { bodies, dropped } = await take(tail);
  assert.equal(dropped, 703);
  assert.deepEqual(
    bodies,
    Array.from({ length: 500 }, (_, n) => `${n + 703}`),
  );
  await temp.accept(logs('a', 'after'));
  assert.deepEqual(await take(tail), { bodies: ['after'], dropped: 0 });
  tail.close();
});

test('a tail that waits ends when its reader goes away', async (context) => {
  const temp = await openTempStore(context);
  const gone = new AbortController();
  const tail = temp.query.tailLogs(ALL);
  const next = tail.next(gone.signal);
  await temp.value('SELECT 1');
  await temp.value('SELECT 1');
  gone.abort();
  assert.deepEqual(await next, { logs: [], dropped: 0 });
  tail.close();
});

test('two tails follow by themselves, and a closed one costs nothing more', async (context) => {
  const temp = await openTempStore(context);
  const [a, b] = [await follow(temp), await follow(temp, { words: ['two'] })];
  await temp.accept(logs('s', 'one'), logs('s', 'two'));
  const seen = (await a.first).bodies;
  while (seen.length < 2) seen.push(...(await take(a.tail)).bodies);
  assert.deepEqual(seen, ['one', 'two']);
  assert.deepEqual((await b.first).bodies, ['two']);
  a.tail.close();
  b.tail.close();
});
