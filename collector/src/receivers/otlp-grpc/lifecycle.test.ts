import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { ACCEPTED } from '#core/outcome.ts';
import { standBehind } from '../otlp/behind.fixture.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { data, END_STREAM, framesIn, HEADERS, headers, openBare, PREFACE } from './frames.fixture.ts';
import {
  callHeaders,
  defaultConfig,
  frame,
  openClient,
  openRaw,
  sendRaw,
  startReceiver,
  statusOf,
  TRACES,
} from './receiver.fixture.ts';
import { createOtlpGrpcReceiver } from './server.ts';
import { until } from './until.fixture.ts';

const PLAIN = traceRequest();

function receiverOn(overrides: Parameters<typeof defaultConfig>[0]) {
  return createOtlpGrpcReceiver(defaultConfig(overrides), standBehind().deps);
}

test('a port that is taken is an operator error that names the setting', async (context) => {
  const { port } = await startReceiver(context);
  const second = receiverOn({ port });
  await assert.rejects(second.start(), (error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port} is taken.*otlp_grpc\\.port`));
    return true;
  });
  await second.stop();
});

test('the address that is really bound is told', async (context) => {
  const { port, url } = await startReceiver(context);
  assert.ok(port > 0);
  assert.equal(url, `http://127.0.0.1:${port}`);
});

test('a receiver that never started can be stopped', async () => {
  await receiverOn({}).stop();
});

test('stop lets a call in flight end, then nobody listens, and a second stop is harmless', async (context) => {
  const offered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { address, port, receiver } = await startReceiver(context, {}, async () => {
    offered.resolve();
    await release.promise;
    return ACCEPTED;
  });
  const inFlight = openClient(context, address).call(TRACES, PLAIN);
  await offered.promise;
  const stopped = receiver.stop();
  release.resolve();
  assert.equal((await inFlight).code, 'OK');
  await stopped;
  await receiver.stop();
  const socket = net.connect({ port, host: '127.0.0.1' });
  const [refused] = await once(socket, 'error');
  assert.equal((refused as NodeJS.ErrnoException).code, 'ECONNREFUSED');
});

test('callers are told to go elsewhere, and idle connections do not hold up a stop', async (context) => {
  const { port, receiver } = await startReceiver(context);
  const session = openRaw(context, port);
  assert.equal(statusOf(await sendRaw(session, callHeaders(), { body: frame(PLAIN) })), '0');
  const goneAway = once(session, 'goaway');
  await receiver.stop();
  const [code] = await goneAway;
  assert.equal(code, 0);
});

test('a connection without a call is told to go after its time', async (context) => {
  const { port } = await startReceiver(context, { idle_timeout_ms: 100 });
  const session = openRaw(context, port);
  assert.equal(statusOf(await sendRaw(session, callHeaders(), { body: frame(PLAIN) })), '0');
  const [code] = await once(session, 'goaway');
  assert.equal(code, 0);
});

test('a connection that stays in the middle of headers is cut after its time, and does not hold up a stop', async (context) => {
  const limits = { idle_timeout_ms: 100 };
  const idle = await startReceiver(context, limits);
  const stopped = await startReceiver(context);
  const unfinished = headers(1, callHeaders(), 0);
  const [first, second] = [idle, stopped].map(({ port }) => openBare(context, port));
  for (const { socket } of [first!, second!]) {
    socket.resume();
    socket.write(unfinished);
  }
  await first!.closed;
  await stopped.receiver.stop();
  await second!.closed;
});

test('a connection that we ended and whose other end stays open makes room for the next', async (context) => {
  const { port } = await startReceiver(context, { idle_timeout_ms: 100, max_connections: 1 });
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  context.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.write(PREFACE);
  socket.resume();
  await once(socket, 'end');
  await until(async () => {
    const answer = await sendRaw(openRaw(context, port), callHeaders(), { body: frame(PLAIN) });
    return statusOf(answer) === '0';
  });
});

test('a caller that half-closes still gets its answer', async (context) => {
  const offered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { finished, port } = await startReceiver(context, {}, async () => {
    offered.resolve();
    await release.promise;
    return ACCEPTED;
  });
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  context.after(() => socket.destroy());
  const received = buffer(socket);
  socket.write(PREFACE);
  socket.end(Buffer.concat([headers(1), data(1, frame(PLAIN), END_STREAM)]));
  await offered.promise;
  // Time for the end of the connection to be seen.
  await new Promise((resolve) => setTimeout(resolve, 50));
  release.resolve();
  const last = framesIn(await received).findLast(({ id }) => id === 1);
  assert.deepEqual([last?.type, (last?.flags ?? 0) & END_STREAM], [HEADERS, END_STREAM]);
  assert.equal(finished[0]!.status, 'OK');
});

test('a caller that vanishes before its answer does not hold up a stop', async (context) => {
  const offered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { finished, port, receiver } = await startReceiver(context, {}, async () => {
    offered.resolve();
    await release.promise;
    return ACCEPTED;
  });
  const session = openRaw(context, port);
  const answer = sendRaw(session, callHeaders(), { body: frame(PLAIN) });
  await offered.promise;
  session.destroy();
  await answer;
  release.resolve();
  await until(() => finished.length === 1);
  await receiver.stop();
  assert.equal(finished[0]!.items, 1);
});

test('a connection that does not answer pings is cut, one that does stays', async (context) => {
  const limits = { ping_interval_ms: 100, ping_timeout_ms: 100 };
  const { port } = await startReceiver(context, limits);
  const alive = openRaw(context, port);
  const pinged = once(alive, 'ping');
  const dead = net.connect({ port, host: '127.0.0.1' });
  context.after(() => dead.destroy());
  dead.on('error', () => {});
  dead.resume();
  dead.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1'));
  await Promise.all([once(dead, 'close'), pinged]);
  assert.equal(statusOf(await sendRaw(alive, callHeaders(), { body: frame(PLAIN) })), '0');
});
