import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import type { LogTail } from '#query/log-results.ts';
import type { LogFilters } from '#query/requests.ts';
import { logsPayload, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { fromOf, logFilters, type OpenBackend, type QueryBackend } from './backend.ts';
import { createIds } from './ids.ts';

function logs(backend: QueryBackend, service: string, ...bodies: string[]) {
  return logsPayload(
    fromOf(backend, { service }),
    bodies.map((body) => ({ body, time: backend.now() })),
  );
}

async function take(tail: LogTail): Promise<{ bodies: string[]; dropped: number }> {
  const { dropped, logs: found } = await tail.next(NEVER);
  return { bodies: found.map((log) => stringifyExact(log.body).slice(1, -1)), dropped };
}

/** Takes until `count` records have come, or were passed over. */
async function takeAll(tail: LogTail, count: number): Promise<{ bodies: string[]; dropped: number }> {
  const all = { bodies: [] as string[], dropped: 0 };
  while (all.bodies.length + all.dropped < count) {
    const { bodies, dropped } = await take(tail);
    all.bodies.push(...bodies);
    all.dropped += dropped;
  }
  return all;
}

/** A tail that waits: what was there before is behind it. */
async function follow(backend: QueryBackend, filters: Partial<LogFilters> = {}) {
  const tail = backend.query.tailLogs(logFilters(backend, filters));
  const first = take(tail);
  await backend.untilFollowing();
  return { tail, first };
}

/** What following the logs must do, whoever keeps them. */
export function logTailContract(open: OpenBackend): void {
  test('a tail hands out what arrives, in its order, and nothing from before', async (context) => {
    const backend = await open(context);
    await backend.accept(logs(backend, 'a', 'before'));
    const { tail, first } = await follow(backend);
    await backend.accept(logs(backend, 'a', 'one', 'two'));
    assert.deepEqual(await first, { bodies: ['one', 'two'], dropped: 0 });
    await backend.accept(logs(backend, 'b', 'three'), logs(backend, 'a', 'four'));
    assert.deepEqual(await takeAll(tail, 2), { bodies: ['three', 'four'], dropped: 0 });
    tail.close();
  });

  test('a tail waits through data that does not match it', async (context) => {
    const backend = await open(context);
    const { first, tail } = await follow(backend, { service: 'b' });
    const span = { trace: createIds()(1), span: 'b'.repeat(16), start: backend.epoch };
    await backend.accept(
      tracesPayload(fromOf(backend, { service: 'b' }), [span]),
      logs(backend, 'a', 'not this'),
      logs(backend, 'b', 'this'),
    );
    assert.deepEqual(await first, { bodies: ['this'], dropped: 0 });
    tail.close();
  });

  test('a reader that is too slow gets the newest and is told how many it missed', async (context) => {
    const backend = await open(context);
    const { first, tail } = await follow(backend);
    await backend.accept(logs(backend, 'a', 'start'));
    await first;
    await backend.accept(logs(backend, 'a', ...Array.from({ length: 1203 }, (_, n) => `${n}`)));
    const { bodies, dropped } = await take(tail);
    assert.equal(dropped, 703);
    assert.deepEqual(
      bodies,
      Array.from({ length: 500 }, (_, n) => `${n + 703}`),
    );
    await backend.accept(logs(backend, 'a', 'after'));
    assert.deepEqual(await take(tail), { bodies: ['after'], dropped: 0 });
    tail.close();
  });

  test('a tail that waits ends when its reader goes away', async (context) => {
    const backend = await open(context);
    const gone = new AbortController();
    const tail = backend.query.tailLogs(logFilters(backend));
    const next = tail.next(gone.signal);
    await backend.untilFollowing();
    gone.abort();
    assert.deepEqual(await next, { logs: [], dropped: 0 });
    tail.close();
  });

  test('two tails follow by themselves, and a closed one costs nothing more', async (context) => {
    const backend = await open(context);
    const [a, b] = [await follow(backend), await follow(backend, { words: ['two'] })];
    await backend.accept(logs(backend, 's', 'one'), logs(backend, 's', 'two'));
    const seen = (await a.first).bodies;
    while (seen.length < 2) seen.push(...(await take(a.tail)).bodies);
    assert.deepEqual(seen, ['one', 'two']);
    assert.deepEqual((await b.first).bodies, ['two']);
    a.tail.close();
    b.tail.close();
  });
}
