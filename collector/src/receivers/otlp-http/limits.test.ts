import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import { ACCEPTED } from '#core/outcome.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { head, post, sendRaw, startReceiver, statusOf } from './receiver.fixture.ts';

const TYPE = { 'content-type': 'application/x-protobuf' };
const MIB = 1024 * 1024;
const PLAIN = traceRequest();

test('a body of the limit passes, one byte more is 413: plain, chunked, gzip, zstd', async (context) => {
  const fits = traceRequest({ good: 20 });
  const { url, port, payloads } = await startReceiver(context, { max_body_bytes: 1024 });
  const over = traceRequest({ good: 1, nameLength: 1100 });
  assert.ok(fits.length <= 1024 && over.length > 1024);
  const codings = { identity: (b: Buffer) => b, gzip: zlib.gzipSync, zstd: zlib.zstdCompressSync };
  for (const [coding, compress] of Object.entries(codings)) {
    for (const [body, status] of [
      [fits, 200],
      [over, 413],
    ] as const) {
      const answer = await post(`${url}/v1/traces`, compress(body), { 'content-encoding': coding });
      assert.equal(answer.response.status, status, coding);
    }
  }
  const chunked = head('/v1/traces', { ...TYPE, 'transfer-encoding': 'chunked' });
  const chunk = Buffer.concat([
    Buffer.from(`${over.length.toString(16)}\r\n`),
    over,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const answer = await sendRaw(port, [chunked, chunk], { keepOpen: true });
  assert.equal(answer.status, 413);
  assert.match(statusOf(answer.contentType, answer.body).message, /1024 bytes/);
  assert.equal(payloads.length, 3);
});

test('more items than max_items are 413 with advice, and reach nobody', async (context) => {
  const { url, payloads } = await startReceiver(context, { max_items: 3 });
  assert.equal((await post(`${url}/v1/traces`, traceRequest({ good: 3 }))).response.status, 200);
  const answer = await post(`${url}/v1/traces`, traceRequest({ good: 4 }));
  assert.equal(answer.response.status, 413);
  assert.match(Buffer.from(answer.body).toString(), /more than 3 items in one request; send smaller/);
  assert.equal(payloads.length, 1);
});

test('a small request with more empty parts than real ones could be is 413, and reaches nobody', async (context) => {
  const { url, payloads } = await startReceiver(context, { max_body_bytes: MIB });
  const span = traceRequest({ good: 1, nameLength: 8 });
  const events = (count: number) => Buffer.alloc(count * 2, Buffer.from([0x5a, 0]));
  const within = (number: number, content: Buffer) => {
    const length = [content.length & 0x7f, (content.length >> 7) & 0x7f, content.length >> 14];
    return Buffer.concat([
      Buffer.from([(number << 3) | 2, length[0]! | 0x80, length[1]! | 0x80, length[2]!]),
      content,
    ]);
  };
  const ids = span.subarray(span.indexOf(Buffer.from([0x0a, 16])));
  const request = (count: number) => within(1, within(2, within(2, Buffer.concat([ids, events(count)]))));
  assert.equal((await post(`${url}/v1/traces`, request(65_000))).response.status, 200);
  const answer = await post(`${url}/v1/traces`, request(66_000));
  assert.equal(answer.response.status, 413);
  assert.match(
    Buffer.from(answer.body).toString(),
    /more than 65536 attributes and other parts in one request/,
  );
  assert.equal(payloads.length, 1);
});

test('a declared length above the limit is 413 before a byte of the body is sent', async (context) => {
  const { port } = await startReceiver(context, { max_body_bytes: MIB });
  const answer = await sendRaw(port, [head('/v1/traces', { ...TYPE, 'content-length': 5 * MIB })], {
    keepOpen: true,
  });
  assert.equal(answer.status, 413);
  assert.equal(statusOf(answer.contentType, answer.body).code, 8);
});

test('a sender that writes its whole body first reads the refusal, and may go on with the connection', async (context) => {
  const { port } = await startReceiver(context, { max_body_bytes: MIB });
  const big = Buffer.alloc(3 * MIB);
  const next = [head('/v1/traces', { ...TYPE, 'content-length': PLAIN.length, connection: 'close' }), PLAIN];
  for (const [status, contentType] of [
    [413, 'application/x-protobuf'],
    [415, 'text/plain'],
  ] as const) {
    const start = head('/v1/traces', { 'content-type': contentType, 'content-length': big.length });
    const answer = await sendRaw(port, [start, big, ...next]);
    assert.ok(answer.text.startsWith(`HTTP/1.1 ${status} `));
    assert.equal(answer.status, 200);
  }
});

test('a sender that never ends a refused body is cut off', async (context) => {
  const { port } = await startReceiver(context, { max_body_bytes: MIB, body_timeout_ms: 300 });
  const start = head('/v1/traces', { ...TYPE, 'content-length': 50 * MIB });
  // Each of these ends because the server closes.
  await sendRaw(port, [start, Buffer.alloc(10 * MIB)]);
  const slow = await sendRaw(port, [start, 'some']);
  assert.equal(slow.status, 413);
});

test('bombs of 1000 to 1 are 413 and leave memory as it was', async (context) => {
  const { url, payloads } = await startReceiver(context, { max_body_bytes: 4 * MIB });
  const bombs = {
    gzip: zlib.gzipSync(Buffer.alloc(128 * MIB)),
    zstd: zlib.zstdCompressSync(Buffer.alloc(128 * MIB)),
  };
  const before = process.memoryUsage();
  for (const [coding, bomb] of Object.entries(bombs)) {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(`${url}/v1/traces`, bomb, { 'content-encoding': coding })),
    );
    assert.ok(answers.every(({ response }) => response.status === 413));
    const { arrayBuffers } = process.memoryUsage();
    // 16 bombs would be 2 GiB; 8 at a time within their limit are 32 MiB.
    assert.ok(arrayBuffers - before.arrayBuffers < 100 * MIB, `${arrayBuffers - before.arrayBuffers} bytes`);
  }
  assert.equal(payloads.length, 0);
});

test('a slow body is 408 in the encoding of the request', async (context) => {
  const { port, finished } = await startReceiver(context, { body_timeout_ms: 100 });
  const answer = await sendRaw(port, [head('/v1/traces', { ...TYPE, 'content-length': 100 }), 'some']);
  assert.equal(answer.status, 408);
  assert.match(statusOf(answer.contentType, answer.body).message, /not complete after 100 ms/);
  assert.match(answer.text, /connection: close/i);
  assert.equal(finished.length, 1);
  assert.equal(finished[0]!.status, 408);
});

test('bodies in flight share their memory: 503 with Retry-After above it, and all of it comes back', async (context) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { url } = await startReceiver(context, { max_concurrent_body_bytes: MIB }, async () => {
    await promise;
    return ACCEPTED;
  });
  const body = traceRequest({ good: 1, nameLength: 600_000 });
  const answers = Array.from({ length: 4 }, () => post(`${url}/v1/traces`, body));
  const first = await Promise.race(answers);
  assert.equal(first.response.status, 503);
  assert.equal(first.response.headers.get('retry-after'), '1');
  assert.match(statusOf(first.response.headers.get('content-type'), first.body).message, /in flight/);
  // The others have to have met the full budget before it is freed.
  await sleep(200);
  resolve();
  const statuses = (await Promise.all(answers)).map(({ response }) => response.status).sort();
  assert.deepEqual(statuses, [200, 503, 503, 503]);
  assert.equal((await post(`${url}/v1/traces`, body)).response.status, 200);
});

test('a request alone may be larger than the shared memory', async (context) => {
  const { url } = await startReceiver(context, { max_concurrent_body_bytes: MIB });
  const body = traceRequest({ good: 1, nameLength: 2 * MIB });
  const { response } = await post(`${url}/v1/traces`, zlib.gzipSync(body), { 'content-encoding': 'gzip' });
  assert.equal(response.status, 200);
});

test('a sender that half-closes after its request gets the answer', async (context) => {
  const { port, payloads } = await startReceiver(context, {}, async () => {
    await sleep(50);
    return ACCEPTED;
  });
  const answer = await sendRaw(
    port,
    [head('/v1/traces', { ...TYPE, 'content-length': PLAIN.length }), PLAIN],
    { end: true },
  );
  assert.equal(answer.status, 200);
  assert.equal(payloads.length, 1);
});

test('a sender that half-closes within its body is refused, and told of once', async (context) => {
  const { port, payloads, finished } = await startReceiver(context);
  const answer = await sendRaw(port, [head('/v1/traces', { ...TYPE, 'content-length': 100 }), 'some'], {
    end: true,
  });
  assert.equal(answer.status, 400);
  assert.equal(statusOf(answer.contentType, answer.body).code, 3);
  await until(() => finished.length > 0);
  assert.deepEqual(
    finished.map(({ status, signal }) => [status, signal]),
    [[400, 'traces']],
  );
  assert.equal(payloads.length, 0);
});

test('a sender that vanishes within its body is counted as gone', async (context) => {
  const { port, payloads, finished, url } = await startReceiver(context);
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.write(head('/v1/traces', { ...TYPE, 'content-length': 100 }));
  socket.write('some');
  await sleep(50);
  socket.resetAndDestroy();
  await until(() => finished.length > 0);
  assert.equal(finished[0]!.status, 499);
  assert.equal(payloads.length, 0);
  assert.equal((await post(`${url}/v1/traces`, PLAIN)).response.status, 200);
});

test('chunks that are no chunks are refused in the middle of a body', async (context) => {
  const { port, finished } = await startReceiver(context);
  const start = head('/v1/traces', { ...TYPE, 'transfer-encoding': 'chunked' });
  const answer = await sendRaw(port, [start, '4\r\nsome\r\nzzz\r\n']);
  assert.equal(answer.status, 400);
  await until(() => finished.length > 0);
  assert.equal(finished.length, 1);
});

test('100-continue is sent for a body that is welcome and not for one that is too large', async (context) => {
  const { port } = await startReceiver(context, { max_body_bytes: 2000 });
  const expecting = { ...TYPE, expect: '100-continue' };
  const large = await sendRaw(port, [head('/v1/traces', { ...expecting, 'content-length': 2001 })], {
    keepOpen: true,
  });
  assert.match(large.text, /^HTTP\/1\.1 413 /);
  const start = head('/v1/traces', { ...expecting, 'content-length': PLAIN.length, connection: 'close' });
  const welcome = await sendRaw(port, [start, PLAIN]);
  assert.match(welcome.text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
});

test('connections above the limit are closed at once and idle ones make room', async (context) => {
  const { port, url } = await startReceiver(context, { max_connections: 2, keep_alive_timeout_ms: 100 });
  const start = head('/v1/traces', { ...TYPE, 'content-length': 100 });
  const busy = [1, 2].map(() => net.connect({ port, host: '127.0.0.1' }));
  for (const socket of busy) socket.write(start);
  await sleep(50);
  const refused = await sendRaw(port, [start]);
  assert.equal(refused.text, '');
  for (const socket of busy) socket.destroy();
  await until(async () => {
    const answer = await post(`${url}/v1/traces`, PLAIN).catch(() => null);
    return answer?.response.status === 200;
  });
});

/** Waits for something that happens soon after; the test's own time limit ends it otherwise. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isTrue()) return;
    await sleep(10);
  }
  assert.fail('it did not happen');
}
