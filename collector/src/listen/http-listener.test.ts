import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import fastify from 'fastify';
import { createHttpListener } from './http-listener.ts';
import {
  answerOf,
  answerVersion,
  connectHttp2,
  connectRaw,
  curl,
  LIMITS,
  PREFACE,
  readAll,
  startHttp,
} from './listener.fixture.ts';

const GET = 'GET / HTTP/1.1\r\nhost: test\r\n\r\n';
const LAST_GET = 'GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n';

test('one port speaks HTTP/1.1 and HTTP/2 with prior knowledge, with bodies', async (context) => {
  const { url } = await startHttp(context);
  const body = ['--data-binary', 'x'.repeat(100_000), '-H', 'expect:'];
  assert.equal((await curl('--http1.1', url)).output, '1.1 0 [1.1 200]');
  assert.equal((await curl('--http2-prior-knowledge', url)).output, '2.0 0 [2 200]');
  assert.equal((await curl('--http1.1', ...body, url)).output, '1.1 100000 [1.1 200]');
  assert.equal((await curl('--http2-prior-knowledge', ...body, url)).output, '2.0 100000 [2 200]');
});

test('a request that asks to be upgraded to HTTP/2 is answered by HTTP/1.1', async (context) => {
  const { url } = await startHttp(context);
  assert.equal((await curl('--http2', url)).output, '1.1 0 [1.1 200]');
});

test('bodies larger than the windows of HTTP/2 arrive whole', async (context) => {
  const { url } = await startHttp(context);
  const stream = connectHttp2(context, url).request({ ':method': 'POST' });
  stream.end(Buffer.alloc(5 * 1024 * 1024));
  assert.equal((await answerOf(stream)).text, `2.0 ${5 * 1024 * 1024}`);
});

test('pieces of a request, byte by byte, and requests behind each other are HTTP/1.1 as ever', async (context) => {
  const { port } = await startHttp(context);
  const slow = connectRaw(context, port);
  const slowText = readAll(slow);
  for (const byte of LAST_GET) {
    await new Promise((resolve) => slow.write(byte, resolve));
  }
  assert.match(await slowText, /^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\n1\.1 0$/);
  const many = connectRaw(context, port);
  many.write(GET + GET + LAST_GET);
  assert.equal((await readAll(many)).match(/HTTP\/1\.1 200/g)?.length, 3);
});

test('the preface byte by byte opens a session', async (context) => {
  const { port } = await startHttp(context);
  const socket = connectRaw(context, port);
  for (const byte of PREFACE) {
    await new Promise((resolve) => socket.write(byte, resolve));
  }
  const [first] = (await once(socket, 'data')) as [Buffer];
  // The frame SETTINGS of the server.
  assert.equal(first[3], 4);
});

test('Fastify listens on it, answers on both protocols, and closes', async () => {
  const app = fastify({
    serverFactory: (handler) =>
      createHttpListener(
        { tls: null, http1: { headersTimeout: 20_000 }, http2: LIMITS, maxConnections: 10 },
        handler,
      ),
  });
  app.post('/', async (request) => ({
    version: request.raw.httpVersion,
    body: request.body,
    host: request.host,
  }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const json = ['-H', 'content-type: application/json', '-d', '{"a":1}', url];
  const { host } = new URL(url);
  for (const [option, version, shown] of [
    ['--http1.1', '1.1', '1.1'],
    ['--http2-prior-knowledge', '2.0', '2'],
  ] as const) {
    const expected = JSON.stringify({ version, body: { a: 1 }, host });
    assert.equal((await curl(option, ...json)).output, `${expected} [${shown} 200]`);
  }
  assert.match((await curl('--http2-prior-knowledge', `${url}/nothing`)).output, /\[2 404\]$/);
  await app.close();
  assert.equal((await curl(url)).code, 7);
});

test('a TLS handshake, nonsense and a preface cut short reach clientError', async (context) => {
  const { server, port } = await startHttp(context);
  const errors: (NodeJS.ErrnoException & { rawPacket?: Uint8Array })[] = [];
  server.on('clientError', (error, socket) => {
    errors.push(error);
    socket.destroy();
  });
  for (const bytes of [Buffer.from([0x16, 3, 1, 0, 5]), '\0\0\0', 'PRI']) {
    const socket = connectRaw(context, port);
    socket.end(bytes);
    await readAll(socket);
  }
  assert.equal(errors[0]!.rawPacket?.[0], 0x16);
  assert.match(errors[1]!.code!, /^HPE_INVALID/);
  assert.equal(errors[2]!.code, 'HPE_INVALID_EOF_STATE');
});

test('a silent connection is told as a timeout, and closed when nobody listens for that', async (context) => {
  const { server, port } = await startHttp(context, { http1: { headersTimeout: 50 } });
  assert.equal(await readAll(connectRaw(context, port)), '');
  const told = once(server, 'clientError');
  const fragment = connectRaw(context, port);
  fragment.write(PREFACE.slice(0, 10));
  const [error, socket] = await told;
  assert.equal(error.code, 'ERR_HTTP_REQUEST_TIMEOUT');
  socket.end('HTTP/1.1 408 Request Timeout\r\n\r\n');
  assert.match(await readAll(fragment), /408/);
});

test('a connection that is reset while its timeout is answered disturbs nobody', async (context) => {
  const { server, port, url } = await startHttp(context, { http1: { headersTimeout: 50 } });
  const told = once(server, 'clientError');
  const socket = connectRaw(context, port);
  const [, accepted] = await told;
  const closed = new Promise((resolve) => accepted.on('close', resolve));
  socket.resetAndDestroy();
  const timer = setInterval(() => accepted.write('x'), 1);
  context.after(() => clearInterval(timer));
  await closed;
  assert.equal((await curl(url)).output, '1.1 0 [1.1 200]');
});

test('a connection that closes without a word disturbs nobody', async (context) => {
  const { url, port } = await startHttp(context);
  const socket = connectRaw(context, port);
  socket.end();
  await readAll(socket);
  const reset = connectRaw(context, port);
  await once(reset, 'connect');
  reset.write('P');
  reset.resetAndDestroy();
  assert.equal((await curl(url)).output, '1.1 0 [1.1 200]');
});

test('both protocols and silent ones count towards the same limit', async (context) => {
  const { server, port, url } = await startHttp(context, { maxConnections: 3 });
  const accepted: unknown[] = [];
  server.on('connection', (socket) => accepted.push(socket));
  connectRaw(context, port);
  const keptOpen = connectRaw(context, port);
  keptOpen.write(GET);
  await once(keptOpen, 'data');
  const session = connectHttp2(context, url);
  await answerOf(session.request({ ':path': '/' }));
  const dropped = once(server, 'drop');
  assert.notEqual((await curl(url)).code, 0);
  await dropped;
  assert.equal(accepted.length, 3);
  session.close();
  await once(session, 'close');
  keptOpen.destroy();
  for (;;) {
    const { output } = await curl(url);
    if (output === '1.1 0 [1.1 200]') break;
  }
});

test('expectations are told for HTTP/2 as for HTTP/1.1', async (context) => {
  const { server, url } = await startHttp(context);
  const expecting = ['--data-binary', 'x'.repeat(100_000), '-H', 'expect: 100-continue', url];
  assert.equal((await curl('--http2-prior-knowledge', ...expecting)).output, '2.0 100000 [2 200]');
  const other = ['-H', 'expect: wonders', url];
  assert.equal((await curl('--http2-prior-knowledge', ...other)).output, ' [2 417]');
  const versions: string[] = [];
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    versions.push(request.httpVersion);
    response.writeContinue();
    answerVersion(request, response);
  });
  server.on('checkExpectation', (_request, response: ServerResponse) => response.writeHead(200).end());
  await curl('--http1.1', ...expecting);
  await curl('--http2-prior-knowledge', ...expecting);
  assert.deepEqual(versions, ['1.1', '2.0']);
  assert.equal((await curl('--http2-prior-knowledge', ...other)).output, ' [2 200]');
});

test('requests of HTTP/2 have the host that they are for, and not two', async (context) => {
  const { url } = await startHttp(context, {}, (request, response) => response.end(request.headers.host));
  const session = connectHttp2(context, url);
  const named = { ':path': '/', ':authority': 'one.example' };
  assert.equal((await answerOf(session.request(named))).text, 'one.example');
  assert.equal((await answerOf(session.request({ ...named, host: 'one.example' }))).text, 'one.example');
  const two = await answerOf(session.request({ ...named, host: 'two.example' }));
  assert.equal(two.headers[':status'], 400);
  assert.match(two.text, /different hosts/);
});

test('a port of HTTP/1.1 alone refuses the preface of HTTP/2', async (context) => {
  const { server, port, url } = await startHttp(context, { http2: null });
  assert.equal((await curl(url)).output, '1.1 0 [1.1 200]');
  const told = once(server, 'clientError');
  connectRaw(context, port).write(PREFACE);
  const [error, socket] = await told;
  assert.equal(error.code, 'HPE_PAUSED_H2_UPGRADE');
  socket.destroy();
});

test('requests that can be read in two ways are refused', async (context) => {
  const { port } = await startHttp(context);
  const twice =
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
  for (const text of [
    twice,
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nname : value\r\n\r\n',
    'GET / HTTP/1.1\nhost: a\n\n',
  ]) {
    const socket = connectRaw(context, port);
    socket.write(text);
    assert.match(await readAll(socket), /^HTTP\/1\.1 400 /, text);
  }
});
