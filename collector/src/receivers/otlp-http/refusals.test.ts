import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { head, post, sendRaw, startReceiver, statusOf } from './receiver.fixture.ts';

const PROTOBUF_TYPE = 'application/x-protobuf';
const ENCODINGS = [PROTOBUF_TYPE, 'application/json'];
const PLAIN = traceRequest();
const GZIP = zlib.gzipSync(PLAIN);

for (const contentType of ENCODINGS) {
  test(`every refusal of a ${contentType} request is a Status of that type`, async (context) => {
    const { url, finished } = await startReceiver(context, { max_body_bytes: 2000 });
    const request = { method: 'POST', headers: { 'content-type': contentType } };
    const cases: [number, string, RequestInit][] = [
      [400, '/v1/traces', { ...request, body: '\xff\xff\xff' }],
      [403, '/v1/traces', { ...request, headers: { ...request.headers, origin: 'https://a.example' } }],
      [404, '/v1/profiles', { ...request, body: 'x' }],
      [404, '/', { ...request, body: 'x' }],
      [405, '/v1/logs', { ...request, method: 'PUT', body: 'x' }],
      [405, '/v1/logs', { ...request, method: 'DELETE' }],
      [413, '/v1/metrics', { ...request, body: 'x'.repeat(2001) }],
      [
        415,
        '/v1/traces',
        { ...request, headers: { ...request.headers, 'content-encoding': 'br' }, body: 'x' },
      ],
    ];
    for (const [status, path, init] of cases) {
      const response = await fetch(url + path, init);
      const body = Buffer.from(await response.arrayBuffer());
      assert.equal(response.status, status, path);
      assert.equal(response.headers.get('content-type'), contentType);
      const { code, message } = statusOf(contentType, body);
      assert.ok(code > 0 && message.length > 10, message);
      assert.equal(finished.at(-1)!.status, status);
      assert.equal(finished.at(-1)!.reason, message);
    }
    assert.equal(finished.length, cases.length);
  });
}

test('405 says which methods are allowed', async (context) => {
  const { url } = await startReceiver(context);
  const response = await fetch(`${url}/v1/traces`);
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'POST, OPTIONS');
});

test('a browser that opens the port is told what it is, in readable JSON', async (context) => {
  const { url } = await startReceiver(context);
  const response = await fetch(url);
  assert.equal(response.status, 404);
  const { message } = (await response.json()) as { message: string };
  assert.match(message, /POST \/v1\/traces, \/v1\/metrics and \/v1\/logs/);
});

test('a path that cannot be decoded is a refusal like any other', async (context) => {
  const { port } = await startReceiver(context);
  const pieces = [head('/v1/%E0%A4%A', { 'content-length': 0, connection: 'close' })];
  const answer = await sendRaw(port, pieces);
  assert.equal(answer.status, 404);
  assert.match(statusOf(answer.contentType, answer.body).message, /nothing is at/);
});

test('another spelling of a path is not that path', async (context) => {
  const { url, payloads } = await startReceiver(context);
  for (const path of ['/v1/%74races', '/V1/traces', '/v1//traces', '/v1/traces/']) {
    assert.equal((await post(url + path, PLAIN)).response.status, 404, path);
  }
  assert.equal(payloads.length, 0);
});

for (const [what, body, headers] of [
  ['a cut varint', Buffer.from([0x0a, 0x80]), {}],
  ['a cut message', PLAIN.subarray(0, -1), {}],
  ['a byte after the message', Buffer.concat([PLAIN, Buffer.from([0])]), {}],
  ['JSON cut short', Buffer.from('{"resourceSpans":['), { 'content-type': 'application/json' }],
  ['text after JSON', Buffer.from('{} x'), { 'content-type': 'application/json' }],
  [
    'a name where JSON has an enum',
    jsonSpan('"kind":"SPAN_KIND_SERVER"'),
    { 'content-type': 'application/json' },
  ],
  ['gzip cut short', GZIP.subarray(0, -1), { 'content-encoding': 'gzip' }],
  ['gzip with garbage after it', Buffer.concat([GZIP, Buffer.from('zz')]), { 'content-encoding': 'gzip' }],
  ['gzip with NULs after it', Buffer.concat([GZIP, Buffer.alloc(3)]), { 'content-encoding': 'gzip' }],
  ['gzip that is none', PLAIN, { 'content-encoding': 'gzip' }],
  ['an empty gzip body', Buffer.alloc(0), { 'content-encoding': 'gzip' }],
  ['zstd that is none', PLAIN, { 'content-encoding': 'zstd' }],
] as const) {
  test(`${what} is 400 and nothing is offered`, async (context) => {
    const { url, payloads } = await startReceiver(context);
    const { response, body: answer } = await post(`${url}/v1/traces`, body, headers);
    assert.equal(response.status, 400);
    assert.equal(statusOf(response.headers.get('content-type'), answer).code, 3);
    assert.equal(payloads.length, 0);
  });
}

function jsonSpan(field: string): Buffer {
  const ids = `"traceId":"${'01'.repeat(16)}","spanId":"${'02'.repeat(8)}"`;
  return Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[{${ids},${field}}]}]}]}`);
}

test('gRPC on this port is told where it is', async (context) => {
  const { url } = await startReceiver(context);
  const { response, body } = await post(`${url}/v1/traces`, PLAIN, { 'content-type': 'application/grpc' });
  assert.equal(response.status, 415);
  assert.match(statusOf(response.headers.get('content-type'), body).message, /gRPC has its own, 4317/);
});

for (const [what, bytes, status, message] of [
  ['TLS', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3]), 400, /not TLS/],
  ['no HTTP at all', 'hello there\r\n\r\n', 400, /not an HTTP\/1\.1 request/],
  ['headers without end', `POST /v1/traces HTTP/1.1\r\nx: ${'y'.repeat(40_000)}`, 431, /too large/],
  ['a length that is none', head('/v1/traces', { 'content-length': 'x' }), 400, /Content-Length/],
  [
    'both a length and chunks',
    head('/v1/traces', { 'content-length': 1, 'transfer-encoding': 'chunked' }),
    400,
    /./,
  ],
] as const) {
  test(`${what} is answered with a Status in JSON and the connection is closed`, async (context) => {
    const { port, finished } = await startReceiver(context);
    const answer = await sendRaw(port, [bytes]);
    assert.equal(answer.status, status);
    assert.match(statusOf(answer.contentType, answer.body).message, message);
    assert.equal(finished.length, 1);
    assert.equal(finished[0]!.status, status);
    assert.equal(finished[0]!.signal, null);
  });
}

test('an unknown expectation is 417', async (context) => {
  const { port } = await startReceiver(context);
  const headers = {
    'content-type': PROTOBUF_TYPE,
    'content-length': 0,
    expect: 'a-pony',
    connection: 'close',
  };
  const answer = await sendRaw(port, [head('/v1/traces', headers)]);
  assert.equal(answer.status, 417);
  assert.match(statusOf(answer.contentType, answer.body).message, /100-continue/);
});
