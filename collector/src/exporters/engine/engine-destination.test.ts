import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Batch, BatchRecord } from '../frame/destination.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { startOtlpServer, status } from '../testing/otlp-server.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { EngineConfig } from './config.ts';
import { createEngineDestination, type EngineDestinationDeps } from './engine-destination.ts';

const CONFIG: EngineConfig = {
  endpoint: '',
  timeout_ms: 5000,
  max_request_bytes: 1e6,
  send_tenant: false,
  default_tenant: 'default',
  max_batch_bytes: 1e6,
  max_batch_items: 1000,
  flush_interval_ms: 0,
  max_in_flight: 2,
};

async function start(
  t: TestContext,
  more: { config?: Partial<EngineConfig> } & Partial<EngineDestinationDeps> = {},
) {
  const server = await startOtlpServer();
  const { config: own, ...deps } = more;
  const config = { ...CONFIG, endpoint: `${server.url}/otlp/`, ...own };
  const destination = createEngineDestination(config, {
    name: 'loki',
    version: '1.2.3',
    now: Date.now,
    ...deps,
  });
  t.after(async () => {
    await destination.close?.();
    await server.close();
  });
  const { signal } = new AbortController();
  const send = (batch: Batch) => destination.send(batch, { signal, progressAfter: null });
  return { server, destination, send, signal };
}

function batchOf(encodings: ('gzip' | 'identity')[], tenant = ''): Batch {
  const source = createMemorySource('logs');
  const records = encodings.map((encoding, index): BatchRecord => {
    const payload = logsOf([`${index}a`, `${index}b`]);
    const info = source.append({ payload, items: 2, encoding });
    return { info, payload: encoding === 'gzip' ? gzipSync(payload) : payload };
  });
  const uncompressedBytes = records.reduce((sum, { info }) => sum + info.uncompressedBytes, 0);
  return { signal: 'logs', tenant, records, items: 2 * records.length, uncompressedBytes, isReplay: false };
}

const DELIVERED = { kind: 'delivered', refusedItems: 0, message: '' };

test('gzip payloads travel as the members that they came as, untouched', async (t) => {
  const { send, server } = await start(t);
  const batch = batchOf(['gzip', 'gzip', 'gzip']);
  assert.deepEqual(await send(batch), DELIVERED);
  const { body, headers, path } = server.received[0]!;
  const members = Buffer.concat(batch.records.map(({ payload }) => payload));
  assert.equal(path, '/otlp/v1/logs');
  assert.equal(headers['content-encoding'], 'gzip');
  assert.equal(headers['content-length'], String(members.length));
  assert.deepEqual(Buffer.from(body), gunzipSync(members));
  assert.deepEqual(namesIn(body), ['0a', '0b', '1a', '1b', '2a', '2b']);
});

test('uncompressed payloads stay uncompressed, and a mixed batch becomes so', async (t) => {
  const { send, server } = await start(t);
  for (const encodings of [['identity', 'identity'] as const, ['gzip', 'identity'] as const]) {
    assert.deepEqual(await send(batchOf([...encodings])), DELIVERED);
    const { body, headers } = server.received.at(-1)!;
    assert.equal(headers['content-encoding'], undefined);
    assert.deepEqual(namesIn(body), ['0a', '0b', '1a', '1b']);
  }
});

test('an engine that keeps tenants apart is told whose a batch is, also when it is nobody in particular', async (t) => {
  const config = { send_tenant: true, default_tenant: 'everybody' };
  const { destination, send, server, signal } = await start(t, { config });
  await send(batchOf(['gzip'], 'team-a'));
  await send(batchOf(['gzip']));
  await destination.isReady('logs', signal);
  const headers = server.received.map((request) => request.headers['x-scope-orgid']);
  assert.deepEqual(headers, ['team-a', 'everybody', 'everybody']);
});

test('an engine that does not is told nothing of tenants', async (t) => {
  const { send, server } = await start(t);
  await send(batchOf(['gzip'], 'team-a'));
  assert.equal(server.received[0]!.headers['x-scope-orgid'], undefined);
});

test('more than one request may carry is refused without being sent, so that it is taken apart', async (t) => {
  const { send, server } = await start(t, { config: { max_request_bytes: 10 } });
  const outcome = await send(batchOf(['gzip']));
  assert.ok(outcome.kind === 'refused' && /exporter_loki\.max_request_bytes/.test(outcome.reason));
  assert.equal(server.received.length, 0);
  const batch = batchOf(['gzip']);
  assert.deepEqual(await send({ ...batch, items: 1 }), DELIVERED);
});

test('what had to be adjusted is told once it was delivered, and only then', async (t) => {
  const adjusted = { trimmed: 1, moved: 2 };
  const bytes = logsOf(['cut']);
  const { send, server } = await start(t, {
    prepare: async () => ({ body: { bytes, encoding: 'identity' }, adjusted }),
  });
  server.answer = status(429, { 'retry-after': '2' });
  assert.deepEqual(await send(batchOf(['gzip'])), { kind: 'retry', reason: 'answered 429', afterMs: 2000 });
  server.answer = status(204);
  assert.deepEqual(await send(batchOf(['gzip'])), { ...DELIVERED, adjusted });
  assert.deepEqual(namesIn(server.received[1]!.body), ['cut']);
});

test('what the engine does not take is looked at closely, and sent again only if that changed something', async (t) => {
  const efforts: string[] = [];
  const fitted = { trimmed: 1, moved: 0 };
  const { send, server } = await start(t, {
    prepare: async (_batch, effort) => {
      efforts.push(effort);
      const bytes = logsOf([effort]);
      return { body: { bytes, encoding: 'identity' }, adjusted: effort === 'thorough' ? fitted : null };
    },
  });
  server.answer = (request, response) =>
    void response.writeHead(namesIn(request.body)[0] === 'quick' ? 400 : 204).end();
  assert.deepEqual(await send(batchOf(['gzip'])), { ...DELIVERED, adjusted: fitted });
  assert.deepEqual(efforts, ['quick', 'thorough']);
  server.answer = status(503);
  assert.equal((await send(batchOf(['gzip']))).kind, 'retry');
  assert.equal(server.received.length, 3);
});

test('a small request that becomes a large one in the engine is sent in pieces', async (t) => {
  const { send, server } = await start(t, {
    prepare: async (_batch, effort) => {
      const bytes = logsOf(['x']);
      return {
        body: { bytes, encoding: 'identity' },
        adjusted: null,
        expandedBytes: effort === 'thorough' ? 2e6 : 0,
      };
    },
  });
  server.answer = status(429);
  const outcome = await send(batchOf(['gzip']));
  assert.ok(outcome.kind === 'refused' && /2000000 bytes .* sent in pieces/.test(outcome.reason));
  assert.equal((await send({ ...batchOf(['gzip']), items: 1 })).kind, 'retry');
});

test('a 500 that says that the payload is at fault refuses it; any other makes it suspect', async (t) => {
  const { send, server } = await start(t, { isAboutPayload: (said) => said.includes('no form for it') });
  const text = { 'content-type': 'text/plain' };
  server.answer = status(500, text, 'no form for it');
  assert.deepEqual(await send(batchOf(['gzip'])), {
    kind: 'refused',
    reason: 'answered 500 (no form for it)',
  });
  server.answer = status(500, text, 'no space left');
  assert.deepEqual(await send(batchOf(['gzip'])), {
    kind: 'suspect',
    reason: 'answered 500 (no space left)',
  });
});

test('advice names the section of the engine', async (t) => {
  const { send, server } = await start(t);
  server.answer = status(404);
  const outcome = await send(batchOf(['gzip']));
  assert.ok(outcome.kind === 'retry' && /check exporter_loki\.endpoint/.test(outcome.reason));
});

test('a payload that cannot be prepared is refused, and an empty request tells whether the engine is ready', async (t) => {
  const { destination, send, server, signal } = await start(t, {
    prepare: () => Promise.reject(new Error('no gzip')),
  });
  assert.deepEqual(await send(batchOf(['gzip'])), {
    kind: 'refused',
    reason: 'a payload cannot be read: no gzip',
  });
  assert.equal(await destination.isReady('logs', signal), true);
  assert.equal(server.received[0]!.body.length, 0);
  server.answer = status(503);
  assert.equal(await destination.isReady('logs', signal), false);
});
