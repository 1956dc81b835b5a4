import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BLOCK_SIZE, createTemplate } from '../support/load-payload.ts';
import { createLedger, traceIdOf } from '../support/load-sender.ts';
import { readStoreBlocks } from '../support/store-blocks.ts';
import { assertAllDelivered, createCrashBench } from './crash-program.ts';

const NULS = Buffer.alloc(16);

/** Requests that would swallow or break what stands behind them in a batch, were they taken as they are. */
const POISONS: { what: string; encoding: 'identity' | 'gzip'; spoil(body: Buffer): Buffer }[] = [
  {
    what: 'bytes behind the gzip stream',
    encoding: 'gzip',
    spoil: (body) => Buffer.concat([gzipSync(body), Buffer.from('more')]),
  },
  {
    what: 'NULs behind the gzip stream',
    encoding: 'gzip',
    spoil: (body) => Buffer.concat([gzipSync(body), NULS]),
  },
  {
    what: 'a gzip stream that ends early',
    encoding: 'gzip',
    spoil: (body) => gzipSync(body).subarray(0, -9),
  },
  {
    what: 'a second gzip member that ends early',
    encoding: 'gzip',
    spoil: (body) => Buffer.concat([gzipSync(body), gzipSync(body).subarray(0, 20)]),
  },
  {
    what: 'a cut message in a whole gzip stream',
    encoding: 'gzip',
    spoil: (body) => gzipSync(body.subarray(0, -3)),
  },
  { what: 'a cut message', encoding: 'identity', spoil: (body) => body.subarray(0, -3) },
  { what: 'NULs behind the message', encoding: 'identity', spoil: (body) => Buffer.concat([body, NULS]) },
  {
    what: 'a field behind the message that claims what follows',
    encoding: 'identity',
    spoil: (body) => Buffer.concat([body, Buffer.from([0x0a, 0x7f])]),
  },
];

test('requests that would harm their neighbours in a batch are refused, and their neighbours arrive', async (context) => {
  const bench = await createCrashBench(context);
  // Nothing is sent on until everything is there, so that neighbours share batches.
  await bench.sink.setMode({ kind: 'down' });
  const signalbox = await bench.start();
  const ledger = createLedger();
  const template = createTemplate({ signal: 'traces', count: 3, traceId: traceIdOf(1_000_000) });
  const poisonBlocks: number[] = [];
  for (const { what, encoding, spoil } of POISONS) {
    await bench.load(signalbox, { ledger, connections: 1, requests: 6, sizes: [3], signals: ['traces'] })
      .done;
    const block = ledger.nextBlock++;
    poisonBlocks.push(block);
    const response = await fetch(`${signalbox.otlpHttpUrl}/v1/traces`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        ...(encoding === 'gzip' ? { 'content-encoding': encoding } : {}),
      },
      body: new Uint8Array(spoil(template.fill(block))),
    });
    assert.equal(response.status, 400, `${what}: ${await response.text()}`);
  }
  await signalbox.stop();
  assert.deepEqual(ledger.answers, { 200: 6 * POISONS.length });
  await assertAllDelivered(bench, ledger);
  const inStore = await readStoreBlocks(bench.dataDir);
  for (const block of poisonBlocks) {
    assert.ok(!bench.sink.taken.traces.has(block * BLOCK_SIZE), 'nothing of a refused request was sent on');
    assert.ok(!inStore.traces.has(block));
  }
});
