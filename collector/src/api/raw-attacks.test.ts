import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestApi, MACHINE, OPERATOR } from './api-server.fixture.ts';

const SECRET = 'the content of a file beside the console';
/** After an answer, or none, nothing more will come. */
const SILENCE_MS = 1000;
let root: string;
let port: number;
let api: Awaited<ReturnType<typeof createTestApi>>;
before(async () => {
  root = mkdtempSync(join(tmpdir(), 'signalbox-raw-'));
  mkdirSync(join(root, 'dist/assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), SECRET);
  writeFileSync(join(root, 'dist/index.html'), '<!doctype html>');
  writeFileSync(join(root, 'dist/assets/a.js'), 'console.log(1)');
  api = await createTestApi({ consoleFolder: join(root, 'dist') });
  ({ port } = await api.start());
});
after(async () => {
  await api.close();
  rmSync(root, { recursive: true });
});

/** Sends exactly these bytes; answers with everything that came back until the server or the silence ended it. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      // A server that has refused may close while we still write.
      ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? resolve(answer) : reject(error),
    );
    socket.setTimeout(SILENCE_MS, () => socket.end());
    socket.write(bytes, 'latin1');
  });
}

const head = (lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;
const get = (url: string, ...headers: string[]) =>
  send(head([`GET ${url} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers]));
const statuses = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

test('header smuggling: headers that decide something are not there twice', async () => {
  const right = `Authorization: Bearer ${OPERATOR}`;
  const twice: [string, string][] = [
    [right, 'Authorization: Bearer wrong'],
    ['Authorization: Bearer wrong', right],
    [right, right],
    ['Authorization: Bearer wrong', `authorization: Bearer ${MACHINE}`],
    ['Cookie: signalbox_session=a', 'Cookie: signalbox_session=b'],
    ['Origin: http://localhost', 'Origin: http://evil.example'],
    ['X-Signalbox-Csrf: a', 'X-Signalbox-Csrf: b'],
    ['Content-Type: application/json', 'Content-Type: text/plain'],
    [right, 'Host: evil.example'],
  ];
  for (const [one, two] of twice) {
    const answer = await get('/api/v1/status', one, two);
    assert.deepEqual(statuses(answer), [400], `${one} | ${two}`);
    assert.ok(!answer.includes('startedUnixNano'));
  }
  assert.deepEqual(statuses(await get('/api/v1/status', right)), [200]);
});

test('header smuggling: a line break inside of a value, or before it, opens nothing', async () => {
  const answers = [
    await get('/api/v1/status', `X-A: b\nAuthorization: Bearer wrong`, 'Authorization : Bearer x'),
    await get('/api/v1/status', `X-A: b\r\n Authorization: Bearer ${OPERATOR}`),
    await get('/api/v1/status%0d%0aAuthorization:%20Bearer%20x'),
    await get('/login?next=/%0d%0aSet-Cookie:%20signalbox_session=planted'),
    await get('/api/v1/status', `X-A: b\rAuthorization: Bearer ${OPERATOR}`),
    await get('/api/v1/status', 'X-A: b\0c'),
  ];
  for (const answer of answers) {
    assert.ok(!answer.includes('startedUnixNano') && !/^set-cookie/im.test(answer), answer.slice(0, 200));
    for (const status of statuses(answer)) assert.ok([200, 400, 401, 404].includes(status), String(status));
  }
});

test('request smuggling: two lengths, or one that is no number, are refused, and no second request is seen', async () => {
  const hidden = `GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${OPERATOR}\r\n\r\n`;
  const post = (...headers: string[]) =>
    head(['POST /login HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers]);
  const tries = [
    `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
    `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${hidden}`,
    post('Content-Length: 0', 'Content-Length: 5') + hidden,
    post('Content-Length: +5') + hidden,
    post('Content-Length: 0x5') + hidden,
    post('Transfer-Encoding: xchunked') + hidden,
    `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${hidden}`,
    `${post('Transfer-Encoding : chunked')}0\r\n\r\n${hidden}`,
    `${post('Transfer-Encoding: chunked')}5;\n\r\nabcde\r\n0\r\n\r\n${hidden}`,
  ];
  for (const bytes of tries) {
    const answer = await send(bytes);
    assert.ok(!answer.includes('startedUnixNano'), bytes.slice(0, 200));
    assert.ok(
      statuses(answer).every((status) => status >= 400),
      answer.slice(0, 200),
    );
  }
});

test('path traversal: no spelling of an address leads out of the folder of the console', async () => {
  const spellings = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e%252fsecret.txt',
    '/....//secret.txt',
    '/assets/..;/..;/secret.txt',
    '//secret.txt',
    `/${join(root, 'secret.txt')}`,
    `//${join(root, 'secret.txt')}`,
    '/%c0%ae%c0%ae/secret.txt',
    '/assets/a.js/../../../secret.txt',
    '/assets/a.js%00/../../secret.txt',
    '/file:///secret.txt',
    'http://localhost/../secret.txt',
  ];
  for (const spelling of spellings) {
    const answer = await get(spelling);
    assert.ok(!answer.includes(SECRET), spelling);
    for (const status of statuses(answer)) assert.ok([400, 404].includes(status), `${spelling}: ${status}`);
  }
  assert.match(await get('/assets/a.js'), /console\.log/);
});

test('oversized heads: long addresses, large and endless headers are refused, and others are served', async () => {
  assert.deepEqual(statuses(await get(`/api/v1/logs?q=${'a'.repeat(9000)}`)), [414]);
  assert.deepEqual(statuses(await get(`/${'a'.repeat(20_000)}`)), [431]);
  assert.deepEqual(statuses(await get('/livez', `X-Large: ${'a'.repeat(17_000)}`)), [431]);
  assert.deepEqual(statuses(await get('/livez', `Cookie: ${'a=b; '.repeat(4000)}`)), [431]);
  const many = Array.from({ length: 5000 }, (_, i) => `X-${i}: a`);
  assert.deepEqual(statuses(await get('/livez', ...many)), [431]);
  assert.deepEqual(statuses(await get('/livez')), [200]);
});

test('a request without a Host, with an empty one, or in an old version is told nothing', async () => {
  const answers = [
    await send('GET /api/v1/status HTTP/1.1\r\nConnection: close\r\n\r\n'),
    await send('GET /livez HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'),
    await send(`GET /api/v1/status HTTP/1.0\r\nAuthorization: Bearer ${OPERATOR}\r\n\r\n`),
    await send('GET http://evil.example/livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
  ];
  for (const answer of answers) {
    assert.ok(
      statuses(answer).every((status) => [400, 403].includes(status)),
      answer.slice(0, 100),
    );
    assert.ok(!answer.includes('startedUnixNano'));
  }
});

test('methods that proxies and debuggers know are not known here', async () => {
  for (const method of ['TRACE', 'TRACK', 'CONNECT', 'DEBUG', 'PROPFIND']) {
    const answer = await send(
      head([`${method} /api/v1/status HTTP/1.1`, 'Host: localhost', 'Connection: close', 'X-Planted: seen']),
    );
    assert.ok(!answer.includes('X-Planted') && !answer.includes('startedUnixNano'), method);
    for (const status of statuses(answer))
      assert.ok([400, 404, 405].includes(status), `${method}: ${status}`);
  }
});

test('requests that never end and connections without number are bounded', () => {
  const { maxConnections, requestTimeout } = api.app.server;
  assert.ok(requestTimeout > 0 && requestTimeout <= 60_000, `${requestTimeout}`);
  assert.ok(maxConnections > 0 && maxConnections <= 10_000, `${maxConnections}`);
});

test('what depends on who asks is kept by no cache', async () => {
  const right = `Authorization: Bearer ${OPERATOR}`;
  for (const path of ['/api/v1/status', '/metrics', '/healthz', '/readyz?verbose']) {
    assert.match(await get(path, right), /\r\ncache-control: no-store\r\n/i, path);
  }
});
