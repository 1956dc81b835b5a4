import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { ACCEPTED } from '#core/outcome.ts';
import { createTestGate, TIRED_KEY } from '../otlp/gate.fixture.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { data, headers, openBare, RST_CANCEL, reset } from '../otlp-grpc/frames.fixture.ts';
import { openRaw, sendRaw } from '../otlp-grpc/receiver.fixture.ts';
import { until } from '../otlp-grpc/until.fixture.ts';
import { startReceiver, statusOf } from './receiver.fixture.ts';

const PLAIN = traceRequest({ good: 3 });
const MIB = 1024 * 1024;

function exportHeaders(more: http2.OutgoingHttpHeaders = {}, path = '/v1/traces') {
  return { ':method': 'POST', ':path': path, 'content-type': 'application/x-protobuf', ...more };
}

function typeOf(answer: { headers: http2.IncomingHttpHeaders }): string {
  return String(answer.headers['content-type']);
}

test('a request over HTTP/2 is one like any other: plain, gzip, JSON', async (context) => {
  const { finished, payloads, port } = await startReceiver(context);
  const session = openRaw(context, port);
  for (const [more, body] of [
    [{}, PLAIN],
    [{ 'content-encoding': 'gzip' }, zlib.gzipSync(PLAIN)],
    [{ 'content-type': 'application/json' }, Buffer.from('{}')],
  ] as const) {
    const answer = await sendRaw(session, exportHeaders(more), { body });
    assert.equal(answer.headers[':status'], 200);
    assert.equal(answer.body.toString(), typeOf(answer) === 'application/json' ? '{}' : '');
  }
  assert.ok(payloads.every(({ bytes }) => PLAIN.equals(bytes)) && payloads.length === 2);
  await until(() => finished.length === 3);
  assert.deepEqual(
    finished.map(({ outcome, status }) => [status, outcome]),
    Array.from({ length: 3 }, () => [200, 'accepted']),
  );
  assert.match(finished[0]!.remoteAddress!, /127\.0\.0\.1$/);
});

test('refusals hold a Status and leave the connection as it was, whether the body came or not', async (context) => {
  const { gate } = createTestGate();
  const { port } = await startReceiver(context, { max_body_bytes: MIB });
  const { port: gated } = await startReceiver(context, { gate });
  const json = { 'content-type': 'application/json' };
  for (const [at, more, path, body, end, status] of [
    [port, {}, '/v1/traces', Buffer.from([0x0a]), true, 400],
    [port, { ':method': 'GET' }, '/v1/traces', Buffer.alloc(0), true, 405],
    [port, {}, '/v1/nothing', PLAIN, false, 404],
    [port, { 'content-length': 5 * MIB }, '/v1/traces', PLAIN, false, 413],
    [port, {}, '/v1/traces', Buffer.alloc(2 * MIB), false, 413],
    [gated, {}, '/v1/traces', PLAIN, false, 401],
    [gated, { 'x-api-key': TIRED_KEY }, '/v1/traces', PLAIN, false, 429],
  ] as const) {
    const session = openRaw(context, at);
    for (const encoding of [{}, json]) {
      const answer = await sendRaw(session, exportHeaders({ ...encoding, ...more }, path), { body, end });
      assert.equal(answer.headers[':status'], status);
      assert.equal(answer.rstCode, http2.constants.NGHTTP2_NO_ERROR);
      assert.ok(statusOf(typeOf(answer), answer.body).message.length > 0);
    }
    assert.equal(session.closed, false);
  }
});

test('a slow body is 408, and ends its stream alone', async (context) => {
  const { finished, port } = await startReceiver(context, { body_timeout_ms: 100 });
  const session = openRaw(context, port);
  const answer = await sendRaw(session, exportHeaders(), { body: PLAIN.subarray(0, 9), end: false });
  assert.equal(answer.headers[':status'], 408);
  assert.match(statusOf(typeOf(answer), answer.body).message, /not complete after 100 ms/);
  assert.equal(finished[0]!.status, 408);
  assert.equal((await sendRaw(session, exportHeaders(), { body: PLAIN })).headers[':status'], 200);
});

test('a sender that resets its request, or vanishes, is counted as gone and gives its memory back', async (context) => {
  const { budget, finished, payloads, port } = await startReceiver(context, { body_timeout_ms: 1_000 });
  for (const [end, status] of [
    ['reset', 499],
    ['cut', 499],
    // Might still read an answer, so its body has its time.
    ['half-close', 408],
  ] as const) {
    const { socket } = openBare(context, port);
    socket.resume();
    socket.write(Buffer.concat([headers(1, exportHeaders()), data(1, PLAIN)]));
    await until(() => budget.usedBytes() > 0);
    if (end === 'reset') socket.write(reset(1, RST_CANCEL));
    else if (end === 'cut') socket.resetAndDestroy();
    else socket.end();
    await until(() => finished.length > 0);
    assert.equal(finished.pop()!.status, status, end);
    assert.equal(budget.usedBytes(), 0);
  }
  assert.equal(payloads.length, 0);
});

test('stop lets a request of HTTP/2 end and tells its connection to go, not by a header', async (context) => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  context.after(() => process.off('warning', onWarning));
  const offered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { port, receiver } = await startReceiver(context, {}, async () => {
    offered.resolve();
    await release.promise;
    return ACCEPTED;
  });
  const session = openRaw(context, port);
  const goneAway = new Promise((resolve) => session.on('goaway', resolve));
  const inFlight = sendRaw(session, exportHeaders(), { body: PLAIN });
  await offered.promise;
  const stopped = receiver.stop();
  assert.equal(await goneAway, 0);
  release.resolve();
  assert.equal((await inFlight).headers[':status'], 200);
  await stopped;
  // Node leaves out a header `connection` and warns of it.
  assert.deepEqual(warnings, []);
});

test('100-continue is for a body that is welcome', async (context) => {
  const { payloads, port } = await startReceiver(context, { max_body_bytes: 2000 });
  const session = openRaw(context, port);
  for (const [length, isWelcome] of [
    [PLAIN.length, true],
    [2001, false],
  ] as const) {
    const stream = session.request(exportHeaders({ expect: '100-continue', 'content-length': length }));
    stream.on('error', () => {});
    const first = await new Promise((resolve) => {
      stream.on('continue', () => resolve('continue'));
      stream.on('response', (received) => resolve(received[':status']));
    });
    assert.equal(first, isWelcome ? 'continue' : 413);
    if (isWelcome) stream.end(PLAIN);
    else stream.close();
  }
  await until(() => payloads.length === 1);
});
