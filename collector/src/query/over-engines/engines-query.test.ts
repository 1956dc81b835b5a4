import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#core/clock.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { EngineError } from '../engine-error.ts';
import { createEnginesQuery } from './engines-query.ts';

const SPANS = {
  service: 'typo',
  operation: null,
  kind: null,
  minDurationNano: null,
  maxDurationNano: null,
  error: null,
  attributes: [],
};
const LOGS = { service: 'typo', minSeverity: 0, words: [], traceId: null, spanId: null, attributes: [] };
const page = { limit: 50, cursor: null };
const sinceEver = () => ({ from: 0n, to: systemClock() + 3_650n * 86_400_000_000_000n });

/** Queries of engines that have nothing and answer each question after `delayMs`, or not at all on some paths. */
async function open(
  context: TestContext,
  { delayMs = 0, silent = /^$/, timeoutMs }: { delayMs?: number; silent?: RegExp; timeoutMs: number },
) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(request.url!);
    request.resume();
    if (silent.test(request.url!)) return;
    await sleep(delayMs);
    const isList = /\/label\/|tag/.test(request.url!);
    response.end(JSON.stringify({ status: 'success', traces: [], data: isList ? [] : { result: [] } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls = { tempo_url: url, loki_url: url, prometheus_url: url };
  return { query: createEnginesQuery(urls, { clock: systemClock, timeoutMs }), asked };
}

test('a range since 1970 is searched only as far back as engines may keep something', async (context) => {
  const { asked, query } = await open(context, { timeoutMs: 20_000 });
  assert.deepEqual((await query.traces({ range: sinceEver(), filters: SPANS, page }, NEVER)).traces, []);
  // 401 days, six at a time.
  assert.equal(asked.splice(0).length, 67);
  assert.deepEqual((await query.logs({ range: sinceEver(), filters: LOGS, page }, NEVER)).logs, []);
  // 401 days, thirty at a time.
  assert.equal(asked.length, 14);
});

test('all that a request needs has one time limit, though each answer comes in time', async (context) => {
  const { asked, query } = await open(context, { delayMs: 60, timeoutMs: 300 });
  for (const [engine, ask] of [
    ['Tempo', () => query.traces({ range: sinceEver(), filters: SPANS, page }, NEVER)],
    ['Loki', () => query.logs({ range: sinceEver(), filters: LOGS, page }, NEVER)],
  ] as const) {
    await assert.rejects(ask(), (error: EngineError) => {
      assert.ok(error instanceof EngineError);
      assert.equal(error.kind, 'timeout');
      assert.equal(error.message, `${engine} did not answer within 0.3 s. Try a shorter range.`);
      return true;
    });
    const count = asked.splice(0).length;
    assert.ok(count > 1 && count <= 6, `${engine} was asked ${count} times`);
  }
  await sleep(120);
  assert.deepEqual(asked, []);
});

test('a reader that goes away in between is not taken for the time limit', async (context) => {
  const { query } = await open(context, { delayMs: 60, timeoutMs: 20_000 });
  const gone = new AbortController();
  const answer = query.traces({ range: sinceEver(), filters: SPANS, page }, gone.signal);
  setTimeout(() => gone.abort(), 150);
  await assert.rejects(answer, { name: 'InterruptedError' });
});

test('services are listed at the time limit when only what names further ones is silent', async (context) => {
  const { query } = await open(context, { silent: /tag\/resource/, timeoutMs: 200 });
  const range = { from: systemClock() - 1_000_000_000n, to: systemClock() };
  assert.deepEqual(await query.services({ range, service: null, points: 1 }, NEVER), {
    services: [],
    servicesTotal: 0,
  });
});
