import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { encodeExportResponse, encodeStatus } from '#otlp/response.ts';
import type { Batch, BatchRecord } from '../frame/destination.ts';
import { createMemorySource } from '../testing/memory-source.ts';
import { ok, startOtlpServer, status } from '../testing/otlp-server.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import type { ExporterOtlpConfig } from './config.ts';
import { createOtlpDestination } from './otlp-destination.ts';

const CONFIG: ExporterOtlpConfig = {
  endpoint: '',
  headers: ['Authorization: Bearer secret'],
  compression: 'gzip',
  timeout_ms: 5000,
  retry_final_answers: true,
  signals: ['traces', 'metrics', 'logs'],
  max_batch_bytes: 1e6,
  max_batch_items: 1000,
  flush_interval_ms: 0,
  max_in_flight: 2,
};
const NOW = Date.parse('2026-03-04T05:06:07Z');

async function start(t: TestContext, more: Partial<ExporterOtlpConfig> = {}) {
  const server = await startOtlpServer();
  const config = { ...CONFIG, endpoint: server.url, ...more };
  const destination = createOtlpDestination(config, { version: '1.2.3', now: () => NOW });
  t.after(async () => {
    await destination.close?.();
    await server.close();
  });
  const signal = new AbortController().signal;
  const send = (batch = batchOf(['a'])) => destination.send(batch, { signal, progressAfter: null });
  return { server, destination, send, signal };
}

function batchOf(...payloads: string[][]): Batch {
  const source = createMemorySource('logs');
  const records = payloads.map((names, index): BatchRecord => {
    const payload = logsOf(names);
    const encoding = index % 2 === 0 ? 'gzip' : 'identity';
    const info = source.append({ payload, items: names.length, encoding });
    return { info, payload: encoding === 'gzip' ? gzipSync(payload) : payload };
  });
  const items = payloads.flat().length;
  return { signal: 'logs', tenant: '', records, items, uncompressedBytes: 1, isReplay: false };
}

for (const compression of ['gzip', 'none'] as const)
  test(`gzip and identity payloads arrive as one request (compression ${compression})`, async (t) => {
    const { server, send } = await start(t, { compression });
    const outcome = await send(batchOf(['a', 'b'], ['c'], ['d']));
    assert.deepEqual(outcome, { kind: 'delivered', refusedItems: 0, message: '' });
    const [request] = server.received;
    assert.equal(request!.path, '/v1/logs');
    assert.equal(request!.headers['content-encoding'], compression === 'gzip' ? 'gzip' : undefined);
    assert.equal(request!.headers['content-type'], 'application/x-protobuf');
    assert.equal(request!.headers.authorization, 'Bearer secret');
    assert.equal(request!.headers['user-agent'], 'signalbox/1.2.3');
    assert.deepEqual(namesIn(request!.body), ['a', 'b', 'c', 'd']);
  });

test('a path in the endpoint stays in front, with or without a slash at its end', async (t) => {
  const server = await startOtlpServer();
  t.after(() => server.close());
  for (const end of ['', '/', '//']) {
    const { send } = await start(t, { endpoint: `${server.url}/otlp${end}` });
    await send();
    assert.equal(server.received.at(-1)!.path, '/otlp/v1/logs');
  }
});

test('what the destination left out is told with its reason', async (t) => {
  const { server, send } = await start(t);
  const body = encodeExportResponse('logs', { rejected: 2, message: 'too\nold' }, 'protobuf');
  server.answer = status(200, { 'content-type': 'application/x-protobuf' }, body);
  assert.deepEqual(await send(), { kind: 'delivered', refusedItems: 2, message: 'too old' });
  server.answer = status(
    200,
    { 'content-type': 'application/json' },
    '{"partialSuccess":{"rejectedLogRecords":"3"}}',
  );
  assert.deepEqual(await send(), { kind: 'delivered', refusedItems: 3, message: '' });
});

test('429, 502, 503 and 504 are repeated, not before Retry-After', async (t) => {
  const { server, send } = await start(t);
  for (const code of [429, 502, 503, 504]) {
    server.answer = status(code, { 'retry-after': '7' });
    assert.deepEqual(await send(), { kind: 'retry', reason: `answered ${code}`, afterMs: 7000 });
  }
  server.answer = status(503, { 'retry-after': 'Wed, 04 Mar 2026 05:06:17 GMT' });
  assert.deepEqual(await send(), { kind: 'retry', reason: 'answered 503', afterMs: 10_000 });
  server.answer = status(503, { 'retry-after': 'soon' });
  assert.deepEqual(await send(), { kind: 'retry', reason: 'answered 503', afterMs: null });
});

test('500, other 5xx and 408 are suspect', async (t) => {
  const { server, send } = await start(t);
  for (const code of [500, 501, 505, 599, 408]) {
    server.answer = status(code);
    assert.equal((await send()).kind, 'suspect', String(code));
  }
});

test('400, 413, 422 and other 4xx are refused, with what the server says', async (t) => {
  const { server, send } = await start(t);
  const body = encodeStatus({ code: 3, message: 'bad span' }, 'protobuf');
  for (const code of [400, 413, 422, 409, 418]) {
    server.answer = status(code, { 'content-type': 'application/x-protobuf' }, body);
    assert.deepEqual(await send(), { kind: 'refused', reason: `answered ${code} (bad span)` });
  }
});

test('a destination that is set up wrong costs no data: slow retries that say what to check', async (t) => {
  const { server, send } = await start(t);
  for (const code of [301, 302, 307, 308, 401, 403, 404, 405, 407, 415]) {
    server.answer = status(code, { location: '/elsewhere' });
    const outcome = await send();
    assert.equal(outcome.kind, 'retry', String(code));
    assert.ok(outcome.kind === 'retry' && outcome.afterMs === 30_000);
    assert.match(outcome.reason, /check|proxy/);
  }
  server.answer = status(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>');
  assert.equal((await send()).kind, 'retry');
  assert.equal(server.received.length, 11);
});

test('by default what OTLP calls final is never sent again: it goes aside whole, and the next waits for an empty request', async (t) => {
  const { server, send } = await start(t, { retry_final_answers: false });
  for (const code of [401, 403, 404, 405, 407, 408, 415, 500, 501, 505]) {
    server.received.length = 0;
    server.answer = status(code);
    const outcome = await send();
    assert.ok(outcome.kind === 'refused' && outcome.isWhole === true, String(code));
    const next = await send();
    assert.ok(next.kind === 'retry' && next.afterMs === 30_000);
    assert.match(next.reason, new RegExp(`answered ${code}`));
    assert.deepEqual(
      server.received.map(({ body }) => body.length > 0),
      [true, false],
    );
    server.answer = ok;
    assert.equal((await send()).kind, 'delivered');
  }
});

test('a closed port, a reset, silence and a cut answer are repeated', async (t) => {
  const { server, send } = await start(t, { timeout_ms: 100 });
  server.answer = (_request, _response, socket) => socket.resetAndDestroy();
  assert.equal((await send()).kind, 'retry');
  server.answer = () => undefined;
  const silent = await send();
  assert.deepEqual(silent, {
    kind: 'retry',
    reason: 'no complete answer within 100 ms',
    afterMs: null,
    isUnanswered: true,
  });
  server.answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('abc', () => response.socket?.end());
  };
  assert.equal((await send()).kind, 'retry');
  server.answer = (_request, response) =>
    void response.writeHead(200, { 'content-length': '10' }).write('abc');
  assert.equal((await send()).kind, 'retry');
  await server.close();
  const away = await send();
  assert.ok(away.kind === 'retry' && /ECONNREFUSED|reset|hang up/i.test(away.reason));
});

test('a connection that was closed while idle is not taken for a failure', async (t) => {
  const { server, send } = await start(t);
  await send();
  let resets = 0;
  server.answer = (request, response, socket) => {
    server.answer = ok;
    resets++;
    assert.equal(request.path, '/v1/logs');
    assert.equal(response.headersSent, false);
    socket.resetAndDestroy();
  };
  assert.equal((await send()).kind, 'delivered');
  assert.equal(resets, 1);
});

test('an answer is read up to 4 MiB', async (t) => {
  const { server, send } = await start(t);
  server.answer = status(200, {}, Buffer.alloc(5 * 1024 * 1024));
  const outcome = await send();
  assert.ok(outcome.kind === 'delivered' && outcome.message !== '');
});

test('aborting ends a request at once', async (t) => {
  const { server, destination } = await start(t);
  const stop = new AbortController();
  server.answer = () => stop.abort();
  const outcome = await destination.send(batchOf(['a']), { signal: stop.signal, progressAfter: null });
  assert.equal(outcome.kind, 'retry');
});

test('a payload that is not what it says it is, is refused, not sent', async (t) => {
  const { server, send } = await start(t);
  const batch = batchOf(['a']);
  const broken = { ...batch, records: [{ info: batch.records[0]!.info, payload: Buffer.from('no gzip') }] };
  assert.equal((await send(broken)).kind, 'refused');
  assert.equal(server.received.length, 0);
});

test('ready means that an empty request is taken', async (t) => {
  const { server, destination, signal } = await start(t);
  assert.equal(await destination.isReady('traces', signal), true);
  assert.equal(server.received[0]!.path, '/v1/traces');
  assert.equal(server.received[0]!.body.length, 0);
  for (const code of [302, 400, 500]) {
    server.answer = status(code);
    assert.equal(await destination.isReady('traces', signal), false);
  }
});

test('headers that are none stop the start without showing what stands in them', () => {
  for (const line of ['secret', ': secret', 'a b: secret', 'a: sec\nret', 'content-type: secret']) {
    const create = () =>
      createOtlpDestination(
        { ...CONFIG, endpoint: 'http://a', headers: ['x: y', line] },
        { version: '1', now: () => 0 },
      );
    assert.throws(
      create,
      (error: Error) => error.message.includes('headers.1') && !error.message.includes('sec'),
    );
  }
});
