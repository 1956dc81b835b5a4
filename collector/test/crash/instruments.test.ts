import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SIGNALS } from '#core/signal.ts';
import { BLOCK_SIZE, createTemplate } from '../support/load-payload.ts';
import { createLedger, traceIdOf } from '../support/load-sender.ts';
import { lostAtSink, lostInStore } from '../support/loss.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import type { StoreBlocks } from '../support/store-blocks.ts';

async function openSink(context: TestContext) {
  const sink = await startOtlpSink();
  context.after(() => sink.close());
  const send = (signal: (typeof SIGNALS)[number], block: number, count: number) =>
    fetch(`${sink.url}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
      body: new Uint8Array(gzipSync(createTemplate({ signal, count, traceId: traceIdOf(1) }).fill(block))),
    });
  return { sink, send };
}

test('the sink counts the ids of every signal, and what comes twice', async (context) => {
  const { sink, send } = await openSink(context);
  for (const signal of SIGNALS) {
    for (const block of [1, 2, 1]) assert.equal((await send(signal, block, 3)).status, 200);
    const ids = [1, 2].flatMap((block) => [0, 1, 2].map((index) => block * BLOCK_SIZE + index));
    assert.deepEqual([...sink.taken[signal].keys()].sort(), ids);
  }
  assert.equal(sink.duplicates(), 9);
});

test('the sink fails as it is told to, and takes nothing meanwhile', async (context) => {
  const { sink, send } = await openSink(context);
  await sink.setMode({ kind: 'status', status: 429, retryAfter: { seconds: 7, form: 'date' } });
  const answer = await send('logs', 1, 2);
  assert.equal(answer.status, 429);
  assert.ok(Date.parse(answer.headers.get('retry-after')!) > Date.now());
  await sink.setMode({ kind: 'refuse', signal: 'logs', id: BLOCK_SIZE * 2 + 1 });
  assert.equal((await send('logs', 2, 2)).status, 400);
  assert.equal((await send('logs', 3, 2)).status, 200);
  for (const kind of ['reset', 'cut', 'down'] as const) {
    await sink.setMode({ kind });
    await assert.rejects(
      send('traces', 4, 1).then((response) => response.arrayBuffer()),
      kind,
    );
  }
  await sink.setMode({ kind: 'hang' });
  const hanging = assert.rejects(send('traces', 5, 1));
  while (sink.requests.hang === undefined) await new Promise(setImmediate);
  await sink.setMode({ kind: 'partial' });
  await hanging;
  assert.equal((await send('metrics', 6, 3)).status, 200);
  assert.deepEqual([...sink.leftOut.metrics], [BLOCK_SIZE * 6 + 1, BLOCK_SIZE * 6 + 2]);
  assert.deepEqual([...sink.taken.traces.keys()], [BLOCK_SIZE * 4], 'of the cut answer');
  assert.equal(sink.taken.logs.size, 2);
});

test('one acknowledged item that is missing is found to be lost', async (context) => {
  const { sink, send } = await openSink(context);
  const ledger = createLedger();
  for (const [block, items] of [
    [1, 3],
    [2, 4],
  ] as const) {
    ledger.acked.push({ block, signal: 'traces', items });
  }
  await send('traces', 1, 3);
  await send('traces', 2, 3);
  const loss = { items: 1, blocks: [{ block: 2, signal: 'traces', items: 4, found: 3 }] };
  assert.deepEqual(lostAtSink(ledger, sink), loss);
  const store: StoreBlocks = { traces: new Map(), logs: new Map(), metrics: new Map() };
  store.traces.set(1, { rows: 3, distinct: 3 }).set(2, { rows: 4, distinct: 3 });
  assert.deepEqual(lostInStore(ledger, store), loss);
});
