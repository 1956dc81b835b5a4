import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { ACCEPTED } from '#core/outcome.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { data, headers, openBare, PING, RST_CANCEL, reset, SETTINGS } from './frames.fixture.ts';
import {
  callHeaders,
  frame,
  openClient,
  openRaw,
  retryAfterOf,
  sendRaw,
  startReceiver,
  statusOf,
  TRACES,
} from './receiver.fixture.ts';
import { until } from './until.fixture.ts';

const MIB = 1024 * 1024;
const PLAIN = traceRequest();

test('a message of the limit passes, one above it is RESOURCE_EXHAUSTED without RetryInfo: plain and gzip', async (context) => {
  const { address, payloads } = await startReceiver(context, { max_message_bytes: 1024 });
  const fits = traceRequest({ good: 20 });
  const over = traceRequest({ good: 1, nameLength: 1100 });
  assert.ok(fits.length <= 1024 && over.length > 1024);
  for (const gzip of [false, true]) {
    const client = openClient(context, address, { gzip });
    assert.equal((await client.call(TRACES, fits)).code, 'OK');
    const answer = await client.call(TRACES, over);
    assert.equal(answer.code, 'RESOURCE_EXHAUSTED');
    assert.match(answer.message, /larger than 1024 bytes/);
    assert.equal(retryAfterOf(answer), null);
    assert.equal(answer.details?.code, 8);
  }
  assert.equal(payloads.length, 2);
});

test('more items than max_items are RESOURCE_EXHAUSTED, and reach nobody', async (context) => {
  const { address, payloads } = await startReceiver(context, { max_items: 3 });
  const client = openClient(context, address);
  assert.equal((await client.call(TRACES, traceRequest({ good: 3 }))).code, 'OK');
  const answer = await client.call(TRACES, traceRequest({ good: 4 }));
  assert.equal(answer.code, 'RESOURCE_EXHAUSTED');
  assert.equal(retryAfterOf(answer), null);
  assert.equal(payloads.length, 1);
});

test('a message over the limit is stopped early: the rest of it is not taken, and the connection goes on', async (context) => {
  const { budget, port } = await startReceiver(context, { max_message_bytes: MIB });
  const session = openRaw(context, port);
  const start = frame(Buffer.alloc(1000), { length: 500 * MIB });
  for (let times = 0; times < 20; times++) {
    const answer = await sendRaw(session, callHeaders(), { body: start, end: false });
    assert.equal(statusOf(answer), '8');
    assert.equal(answer.rstCode, http2.constants.NGHTTP2_NO_ERROR);
    assert.equal(budget.usedBytes(), 0);
  }
  assert.equal(statusOf(await sendRaw(session, callHeaders(), { body: frame(PLAIN) })), '0');
});

test('refused messages do not use up the window of their connection', async (context) => {
  const { address } = await startReceiver(context, { max_message_bytes: MIB });
  const client = openClient(context, address);
  const big = Buffer.alloc(3 * MIB);
  for (let times = 0; times < 12; times++) {
    const answers = await Promise.all(Array.from({ length: 4 }, () => client.call(TRACES, big)));
    for (const { code } of answers) assert.equal(code, 'RESOURCE_EXHAUSTED');
  }
  assert.equal((await client.call(TRACES, PLAIN)).code, 'OK');
});

test('gzip bombs of 1000 to 1 are RESOURCE_EXHAUSTED and leave memory as it was', async (context) => {
  const { budget, payloads, port } = await startReceiver(context, { max_message_bytes: 4 * MIB });
  const body = frame(zlib.gzipSync(Buffer.alloc(128 * MIB)), { flag: 1 });
  const session = openRaw(context, port);
  const before = process.memoryUsage().arrayBuffers;
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => sendRaw(session, callHeaders({ 'grpc-encoding': 'gzip' }), { body })),
  );
  assert.deepEqual([...new Set(answers.map(statusOf))], ['8']);
  const grown = process.memoryUsage().arrayBuffers - before;
  // 16 bombs would be 2 GiB; 16 within their limit are 64 MiB.
  assert.ok(grown < 100 * MIB, `${grown} bytes`);
  assert.equal(budget.usedBytes(), 0);
  assert.equal(payloads.length, 0);
});

test('huge lengths announced on many streams hold no memory', async (context) => {
  const { budget, port } = await startReceiver(context);
  const session = openRaw(context, port);
  const before = process.memoryUsage().arrayBuffers;
  const streams = Array.from({ length: 100 }, () => {
    const stream = session.request(callHeaders(), { endStream: false });
    stream.on('error', () => {});
    stream.write(frame(Buffer.alloc(10), { length: 64 * MIB }));
    return stream;
  });
  await until(() => budget.usedBytes() === 100 * 15);
  assert.ok(process.memoryUsage().arrayBuffers - before < 20 * MIB);
  for (const stream of streams) stream.close(http2.constants.NGHTTP2_CANCEL);
  await until(() => budget.usedBytes() === 0);
});

test('a slow message is DEADLINE_EXCEEDED, by our limit or that of the caller', async (context) => {
  const { finished, port } = await startReceiver(context, { message_timeout_ms: 100 });
  const own = await sendRaw(openRaw(context, port), callHeaders(), {
    body: frame(PLAIN).subarray(0, 9),
    end: false,
  });
  assert.equal(statusOf(own), '4');
  assert.match(String(own.headers['grpc-message']), /not complete after 100 ms/);
  const called = await sendRaw(openRaw(context, port), callHeaders({ 'grpc-timeout': '20m' }), {
    body: Buffer.of(0),
    end: false,
  });
  assert.match(String(called.headers['grpc-message']), /not complete after 20 ms/);
  assert.deepEqual(
    finished.map(({ status }) => status),
    ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED'],
  );
});

test('an answer that is not taken is given up in time', async (context) => {
  const { finished, port } = await startReceiver(context, { message_timeout_ms: 100 });
  const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 0 } });
  session.on('error', () => {});
  context.after(() => session.destroy());
  await sendRaw(session, callHeaders(), { body: frame(PLAIN) });
  await until(() => finished.length > 0);
  assert.deepEqual([finished[0]!.status, finished[0]!.items], ['CANCELLED', 1]);
});

test('messages in flight share their memory: UNAVAILABLE with RetryInfo above it, and all of it comes back', async (context) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { address, budget } = await startReceiver(context, { budgetBytes: MIB }, async () => {
    await promise;
    return ACCEPTED;
  });
  const client = openClient(context, address);
  const message = traceRequest({ good: 1, nameLength: 600_000 });
  const calls = Array.from({ length: 4 }, () => client.call(TRACES, message));
  const first = await Promise.race(calls);
  assert.equal(first.code, 'UNAVAILABLE');
  assert.equal(retryAfterOf(first), 1);
  resolve();
  const codes = (await Promise.all(calls)).map(({ code }) => code);
  assert.ok(codes.includes('OK'));
  assert.equal(budget.usedBytes(), 0);
  assert.equal((await client.call(TRACES, message)).code, 'OK');
});

test('a caller that resets its stream is counted as gone, even after a whole message, and its memory comes back', async (context) => {
  const { budget, finished, payloads, port } = await startReceiver(context);
  const { socket } = openBare(context, port);
  socket.resume();
  for (const [index, message] of [frame(PLAIN, { length: 10_000 }), frame(PLAIN)].entries()) {
    const id = 1 + 2 * index;
    socket.write(Buffer.concat([headers(id), data(id, message)]));
    await until(() => budget.usedBytes() > 0);
    socket.write(reset(id, RST_CANCEL));
    await until(() => budget.usedBytes() === 0 && finished.length > index);
    assert.deepEqual([finished[index]!.status, finished[index]!.outcome], ['CANCELLED', 'refused']);
  }
  assert.equal(finished.length, 2);
  assert.equal(payloads.length, 0);
});

test('a connection that is cut within a message is counted as gone', async (context) => {
  const { budget, finished, payloads, port } = await startReceiver(context);
  const session = openRaw(context, port);
  const stream = session.request(callHeaders(), { endStream: false });
  stream.on('error', () => {});
  stream.write(frame(PLAIN, { length: 10_000 }));
  await until(() => budget.usedBytes() > 0);
  session.destroy();
  await until(() => finished.length > 0);
  assert.equal(finished[0]!.status, 'CANCELLED');
  assert.equal(budget.usedBytes(), 0);
  assert.equal(payloads.length, 0);
});

test('a caller that floods the server with resets loses its connection, others go on', async (context) => {
  const { address, budget, finished, payloads, port } = await startReceiver(context);
  const { closed, socket } = openBare(context, port);
  socket.resume();
  const FLOOD = 20_000;
  for (let index = 0; index < FLOOD && !socket.destroyed; index += 100) {
    const ids = Array.from({ length: 100 }, (_, at) => 1 + 2 * (index + at));
    socket.write(Buffer.concat(ids.flatMap((id) => [headers(id), reset(id, RST_CANCEL)])));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await closed;
  assert.ok(finished.length < 2_000, `${finished.length} streams got through`);
  assert.equal(budget.usedBytes(), 0);
  assert.equal((await openClient(context, address).call(TRACES, PLAIN)).code, 'OK');
  assert.equal(payloads.length, 1);
});

test('headers that are too large or too many end the call, not the server', async (context) => {
  const { address, payloads, port } = await startReceiver(context);
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x-${index}`, 'y']));
  for (const more of [{ 'x-large': 'y'.repeat(40_000) }, { 'x-large': 'y'.repeat(100_000) }, many]) {
    const session = http2.connect(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 1_000_000 });
    session.on('error', () => {});
    context.after(() => session.destroy());
    const answer = await sendRaw(session, callHeaders(more), { body: frame(PLAIN) });
    assert.equal(statusOf(answer), undefined);
  }
  assert.equal((await openClient(context, address).call(TRACES, PLAIN)).code, 'OK');
  assert.equal(payloads.length, 1);
});

for (const [what, part] of [
  ['settings', SETTINGS],
  ['pings', PING],
] as const) {
  test(`a flood of ${what} whose answers are not read ends its connection`, async (context) => {
    const { address, port } = await startReceiver(context);
    const { closed, socket } = openBare(context, port);
    socket.pause();
    const flood = Buffer.concat(Array.from({ length: 10_000 }, () => part));
    const timer = setInterval(() => socket.write(flood), 1);
    context.after(() => clearInterval(timer));
    await closed;
    assert.equal((await openClient(context, address).call(TRACES, PLAIN)).code, 'OK');
  });
}

for (const [what, part] of [
  ['settings', SETTINGS],
  ['pings', PING],
] as const) {
  test(`a flood of ${what} ends its connection, although its answers are read`, async (context) => {
    const { address, port } = await startReceiver(context);
    const { closed, socket } = openBare(context, port);
    let answered = 0;
    socket.on('data', (bytes: Buffer) => {
      answered += bytes.length;
    });
    const flood = Buffer.concat(Array.from({ length: 100 }, () => part));
    const timer = setInterval(() => socket.write(flood), 1);
    context.after(() => clearInterval(timer));
    await closed;
    assert.ok(answered < 1000 * part.length, `${answered} bytes of answers`);
    assert.equal((await openClient(context, address).call(TRACES, PLAIN)).code, 'OK');
  });
}

test('a caller that pings after each of its answers, as grpc-go does, keeps its connection', async (context) => {
  const { payloads, port } = await startReceiver(context);
  const session = openRaw(context, port);
  const CALLS = 400;
  for (let count = 0; count < CALLS; count++) {
    assert.equal(statusOf(await sendRaw(session, callHeaders(), { body: frame(PLAIN) })), '0');
    await new Promise<void>((resolve, reject) => {
      session.ping((error) => (error === null ? resolve() : reject(error)));
    });
  }
  assert.equal(payloads.length, CALLS);
});

test('what breaks the rules of HTTP/2 ends its connection, and is told of', async (context) => {
  const { finished, port } = await startReceiver(context);
  const { closed, socket } = openBare(context, port);
  socket.resume();
  // DATA of a stream that was never opened.
  socket.write(data(1, Buffer.from('x')));
  await closed;
  await until(() => finished.length > 0);
  assert.equal(finished[0]!.status, 'PROTOCOL_ERROR');
  assert.match(finished[0]!.reason!, /./);
  assert.match(finished[0]!.remoteAddress!, /127\.0\.0\.1$/);
});

test('connections above the limit are closed at once', async (context) => {
  const { port } = await startReceiver(context, { max_connections: 2 });
  const sessions = [openRaw(context, port), openRaw(context, port)];
  for (const session of sessions) {
    assert.equal(statusOf(await sendRaw(session, callHeaders(), { body: frame(PLAIN) })), '0');
  }
  const third = net.connect({ port, host: '127.0.0.1' });
  third.on('error', () => {});
  third.resume();
  await once(third, 'close');
  sessions[0]!.destroy();
  await until(async () => {
    const answer = await sendRaw(openRaw(context, port), callHeaders(), { body: frame(PLAIN) });
    return statusOf(answer) === '0';
  });
});
