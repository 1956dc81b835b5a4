import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { untilSettled } from '../support/accounting.ts';
import { BLOCK_SIZE, createTemplate } from '../support/load-payload.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { startSignalbox } from '../support/start-signalbox.ts';

const ITEMS = 5;
const GOOD = 120;

/** What would swallow, or be swallowed by, its neighbours if members or messages were just put together. */
const POISONS: Record<string, (good: Uint8Array) => { body: Uint8Array; encoding?: 'gzip' }> = {
  'bytes behind the gzip stream': (good) => ({
    body: Buffer.concat([gzipSync(good), Buffer.from('more')]),
    encoding: 'gzip',
  }),
  'NULs behind the gzip stream': (good) => ({
    body: Buffer.concat([gzipSync(good), Buffer.alloc(16)]),
    encoding: 'gzip',
  }),
  'a gzip stream that is cut off': (good) => ({ body: gzipSync(good).subarray(0, -9), encoding: 'gzip' }),
  'a second gzip member that is cut off': (good) => ({
    body: Buffer.concat([gzipSync(good), gzipSync(good).subarray(0, 20)]),
    encoding: 'gzip',
  }),
  'a message that is cut off': (good) => ({ body: good.subarray(0, -3) }),
  'a message cut off inside its gzip': (good) => ({ body: gzipSync(good.subarray(0, -3)), encoding: 'gzip' }),
  'NULs behind the message': (good) => ({ body: Buffer.concat([good, Buffer.alloc(8)]) }),
  'a length that reaches beyond its end': (good) => ({
    body: Buffer.concat([good, Buffer.from([0x0a, 0xff, 0x7f])]),
  }),
};

test('poisoned requests are refused, and every neighbour in every batch arrives whole at every destination', async (context) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-poison-'));
  const sink = await startOtlpSink();
  const signalbox = await startSignalbox({
    dataDir,
    env: { SIGNALBOX_EXPORTER_OTLP_ENDPOINT: sink.url, SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' },
  });
  context.after(async () => {
    await signalbox.stop();
    await sink.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const template = createTemplate({ signal: 'traces', count: ITEMS, traceId: 'ab'.repeat(16) });
  const send = async (body: Uint8Array, encoding?: 'gzip') => {
    const response = await fetch(`${signalbox.otlpHttpUrl}/v1/traces`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
      body: Uint8Array.from(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  const poisons = Object.values(POISONS);
  const statuses: Promise<{ good: number; poison: number }>[] = [];
  for (let block = 1; block <= GOOD; block++) {
    const good = Buffer.from(template.fill(block));
    const { body, encoding } = poisons[block % poisons.length]!(Buffer.from(template.fill(block + GOOD)));
    const poisoned = send(body, encoding);
    const sent = block % 2 === 0 ? send(good) : send(gzipSync(good), 'gzip');
    statuses.push(Promise.all([sent, poisoned]).then(([one, other]) => ({ good: one, poison: other })));
  }
  for (const { good, poison } of await Promise.all(statuses)) {
    assert.equal(good, 200);
    assert.equal(poison, 400);
  }
  const report = await untilSettled(signalbox);
  const wanted = new Set(
    Array.from({ length: GOOD * ITEMS }, (_, at) => (1 + Math.floor(at / ITEMS)) * BLOCK_SIZE + (at % ITEMS)),
  );
  assert.deepEqual(new Set(sink.taken.traces.keys()), wanted);
  assert.deepEqual(sink.malformed, []);
  assert.equal(sink.duplicates(), 0);
  for (const account of report.destinations.filter(({ signal }) => signal === 'traces')) {
    assert.equal(account.delivered, GOOD * ITEMS, account.destination);
    assert.equal(account.deadLettered, 0);
  }
});
