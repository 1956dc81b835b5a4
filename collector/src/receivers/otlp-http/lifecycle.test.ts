import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '#core/errors.ts';
import { ACCEPTED } from '#core/outcome.ts';
import { standBehind } from '../otlp/behind.fixture.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { defaultConfig, head, post, startReceiver, statusOf } from './receiver.fixture.ts';
import { createOtlpHttpReceiver } from './server.ts';

const BODY = traceRequest();

function receiverOn(overrides: Parameters<typeof defaultConfig>[0]) {
  const { deps } = standBehind();
  return createOtlpHttpReceiver(defaultConfig(overrides), { ...deps, selfToken: 'x' });
}

test('a port that is taken is an operator error that names the setting', async (context) => {
  const { port } = await startReceiver(context);
  const second = receiverOn({ port });
  await assert.rejects(second.start(), (error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port} is taken.*otlp_http\\.port`));
    return true;
  });
  await second.stop();
});

test('an address that this machine does not have is an operator error', async () => {
  const receiver = receiverOn({ host: '192.0.2.1' });
  await assert.rejects(
    receiver.start(),
    (error) => error instanceof OperatorError && /otlp_http\.host/.test(error.message),
  );
  await receiver.stop();
});

test('the address that is really bound is told', async (context) => {
  const { url, port } = await startReceiver(context);
  assert.ok(port > 0);
  assert.equal(url, `http://127.0.0.1:${port}`);
});

test('stop lets a request in flight end, then nobody listens, and a second stop is harmless', async (context) => {
  const offered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { receiver, url, port } = await startReceiver(context, {}, async () => {
    offered.resolve();
    await release.promise;
    return ACCEPTED;
  });
  const inFlight = post(`${url}/v1/traces`, BODY);
  await offered.promise;
  const stopped = receiver.stop();
  release.resolve();
  assert.equal((await inFlight).response.status, 200);
  await stopped;
  await receiver.stop();
  const refused = await new Promise((resolve) => {
    net
      .connect({ port, host: '127.0.0.1' })
      .on('error', resolve)
      .on('connect', () => resolve(null));
  });
  assert.equal((refused as NodeJS.ErrnoException).code, 'ECONNREFUSED');
});

test('a request that comes while stopping is 503 with a Status and Retry-After', async (context) => {
  const { receiver, port, payloads } = await startReceiver(context);
  const [start, rest] = splitAt(
    head('/v1/traces', { 'content-type': 'application/json', 'content-length': 2 }),
    30,
  );
  const socket = net.connect({ port, host: '127.0.0.1' });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(start);
  // The start has to be there before the stop, which closes connections without a request.
  await sleep(100);
  const stopped = receiver.stop();
  socket.write(`${rest}{}`);
  await Promise.all([stopped, closed]);
  assert.match(text, /^HTTP\/1\.1 503 /);
  assert.match(text, /\r\nretry-after: 5\r\n/i);
  const body = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4));
  assert.match(statusOf('application/json', body).message, /stopping/);
  assert.equal(payloads.length, 0);
});

function splitAt(text: string, at: number): [string, string] {
  return [text.slice(0, at), text.slice(at)];
}

test('idle connections do not hold up a stop', async (context) => {
  const { receiver, port } = await startReceiver(context);
  const agent = new http.Agent({ keepAlive: true });
  const options = { port, host: '127.0.0.1', agent, path: '/v1/traces', method: 'POST' };
  const status = await new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    request.on('error', reject);
    request.setHeader('content-type', 'application/json');
    request.end('{}');
  });
  assert.equal(status, 200);
  await receiver.stop();
  agent.destroy();
});

test('a receiver that never started can be stopped', async () => {
  await receiverOn({}).stop();
});
