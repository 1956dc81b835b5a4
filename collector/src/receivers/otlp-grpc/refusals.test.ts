import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { decode, traceRequest } from '../otlp/messages.fixture.ts';
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

const PLAIN = traceRequest();
const GZIP = zlib.gzipSync(PLAIN);

/** Numbers of google.rpc.Code, as trailers have them. */
const CODES = { INVALID_ARGUMENT: '3', RESOURCE_EXHAUSTED: '8', UNIMPLEMENTED: '12', INTERNAL: '13' };

for (const [what, message] of [
  ['a cut varint', Buffer.from([0x0a, 0x80])],
  ['a cut message', PLAIN.subarray(0, -1)],
  ['a byte after the message', Buffer.concat([PLAIN, Buffer.from([0])])],
  ['a wrong wire type', Buffer.from([0x0f])],
] as const) {
  test(`${what} is INVALID_ARGUMENT with a BadRequest, and nothing is offered`, async (context) => {
    const { address, payloads } = await startReceiver(context);
    const answer = await openClient(context, address).call(TRACES, message);
    assert.equal(answer.code, 'INVALID_ARGUMENT');
    assert.equal(retryAfterOf(answer), null);
    assert.equal(answer.details?.code, 3);
    const [detail] = answer.details?.details ?? [];
    assert.match(detail!.typeUrl, /google\.rpc\.BadRequest$/);
    // biome-ignore lint/suspicious/noExplicitAny: a decoded detail
    const bad: any = decode('BadRequest', detail!.value);
    assert.equal(bad.fieldViolations[0].description, answer.message);
    assert.equal(payloads.length, 0);
  });
}

for (const [what, headers, body, code, words] of [
  ['no message at all', {}, Buffer.alloc(0), 'UNIMPLEMENTED', /no message/],
  ['a cut prefix', {}, frame(PLAIN).subarray(0, 3), 'INVALID_ARGUMENT', /length prefix/],
  ['fewer bytes than the prefix says', {}, frame(PLAIN, { length: 9999 }), 'INVALID_ARGUMENT', /cut short/],
  ['a prefix without a message', {}, frame(PLAIN).subarray(0, 5), 'INVALID_ARGUMENT', /cut short/],
  [
    'more bytes than the prefix says',
    {},
    Buffer.concat([frame(PLAIN), Buffer.from([0])]),
    'UNIMPLEMENTED',
    /one message/,
  ],
  ['two messages', {}, Buffer.concat([frame(PLAIN), frame(PLAIN)]), 'UNIMPLEMENTED', /one message/],
  ['a compressed flag without encoding', {}, frame(GZIP, { flag: 1 }), 'INTERNAL', /grpc-encoding/],
  [
    'a compressed flag with identity',
    { 'grpc-encoding': 'identity' },
    frame(GZIP, { flag: 1 }),
    'INTERNAL',
    /grpc-encoding/,
  ],
  ['a flag that is none', {}, frame(PLAIN, { flag: 7 }), 'INTERNAL', /begins with 7/],
  ['a huge length', {}, frame(PLAIN, { length: 0xffffffff }), 'RESOURCE_EXHAUSTED', /larger than/],
  [
    'gzip that is none',
    { 'grpc-encoding': 'gzip' },
    frame(PLAIN, { flag: 1 }),
    'INVALID_ARGUMENT',
    /not valid gzip/,
  ],
  [
    'gzip cut short',
    { 'grpc-encoding': 'gzip' },
    frame(GZIP.subarray(0, -1), { flag: 1 }),
    'INVALID_ARGUMENT',
    /gzip/,
  ],
  [
    'gzip with bytes after it',
    { 'grpc-encoding': 'gzip' },
    frame(Buffer.concat([GZIP, Buffer.alloc(3)]), { flag: 1 }),
    'INVALID_ARGUMENT',
    /bytes are left|gzip/,
  ],
  ['an unknown encoding', { 'grpc-encoding': 'snappy' }, frame(PLAIN), 'UNIMPLEMENTED', /'snappy'/],
  [
    'a codec that is not protobuf',
    { 'content-type': 'application/grpc+json' },
    frame(PLAIN),
    'UNIMPLEMENTED',
    /protobuf/,
  ],
] as const) {
  test(`${what} is ${code}, and nothing is offered`, async (context) => {
    const { finished, payloads, port } = await startReceiver(context);
    const session = openRaw(context, port);
    const answer = await sendRaw(session, callHeaders(headers), { body });
    assert.equal(answer.headers[':status'], 200);
    assert.equal(answer.headers['content-type'], 'application/grpc');
    assert.equal(answer.headers['grpc-accept-encoding'], 'identity,gzip,zstd');
    assert.equal(statusOf(answer), CODES[code]);
    assert.match(decodeURIComponent(String(answer.headers['grpc-message'])), words);
    assert.equal(payloads.length, 0);
    assert.deepEqual(
      finished.map(({ outcome, status }) => [status, outcome]),
      [[code, 'refused']],
    );
    const next = await sendRaw(session, callHeaders(), { body: frame(PLAIN) });
    assert.equal(statusOf(next), '0');
  });
}

test('what is compressed by flag only is told by flag: a plain message with gzip allowed, zstd', async (context) => {
  const { payloads, port } = await startReceiver(context);
  const session = openRaw(context, port);
  for (const [encoding, body] of [
    ['gzip', frame(PLAIN)],
    ['gzip', frame(GZIP, { flag: 1 })],
    ['zstd', frame(zlib.zstdCompressSync(PLAIN), { flag: 1 })],
  ] as const) {
    const answer = await sendRaw(session, callHeaders({ 'grpc-encoding': encoding }), { body });
    assert.equal(statusOf(answer), '0');
    assert.ok(PLAIN.equals(payloads.at(-1)!.bytes));
  }
  assert.deepEqual(
    payloads.map(({ gzip }) => gzip !== null),
    [false, true, true],
  );
});

test('content types of gRPC pass with parameters and in upper case, without te', async (context) => {
  const { port } = await startReceiver(context);
  const session = openRaw(context, port);
  for (const contentType of [
    'application/grpc+proto',
    'Application/GRPC; charset=utf-8',
    'application/grpc',
  ]) {
    const { te: _, ...headers } = callHeaders({ 'content-type': contentType });
    assert.equal(statusOf(await sendRaw(session, headers, { body: frame(PLAIN) })), '0', contentType);
  }
});

test('a message that comes in many small frames is one message', async (context) => {
  const { payloads, port } = await startReceiver(context);
  const stream = openRaw(context, port).request(callHeaders(), { endStream: false });
  const closed = new Promise((resolve) => stream.on('close', resolve));
  let status: unknown;
  stream.on('trailers', (trailers) => {
    status = trailers['grpc-status'];
  });
  stream.resume();
  for (const byte of frame(PLAIN)) {
    await new Promise((resolve) => stream.write(Buffer.of(byte), resolve));
  }
  stream.end();
  await closed;
  assert.equal(status, '0');
  assert.ok(PLAIN.equals(payloads[0]!.bytes));
});

for (const path of [
  '/',
  '/opentelemetry.proto.collector.trace.v1.TraceService/Import',
  `${TRACES}/`,
  '/v1/traces',
]) {
  test(`${path} is UNIMPLEMENTED`, async (context) => {
    const { address, finished } = await startReceiver(context);
    const answer = await openClient(context, address).call(path, PLAIN);
    assert.equal(answer.code, 'UNIMPLEMENTED');
    assert.match(answer.message, /TraceService/);
    assert.equal(finished[0]!.signal, null);
  });
}

test('what is not gRPC gets a status of HTTP and is told what this is', async (context) => {
  const { finished, port } = await startReceiver(context);
  const session = openRaw(context, port);
  for (const [headers, status] of [
    [callHeaders({ 'content-type': 'application/x-protobuf' }, '/v1/traces'), 415],
    [callHeaders({ 'content-type': '' }), 415],
    [callHeaders({ ':method': 'PUT' }), 405],
  ] as const) {
    const answer = await sendRaw(session, headers, { body: PLAIN });
    assert.equal(answer.headers[':status'], status);
    assert.match(answer.body.toString(), /gRPC/);
    assert.equal(finished.at(-1)!.status, status);
  }
});

test('a status message is bounded, percent-encoded, and whole in UTF-8', async (context) => {
  const reason = `50% of ü\n${'ä'.repeat(4000)}`;
  const { address, port } = await startReceiver(context, {}, () => ({ kind: 'rejected', reason }));
  const answer = await openClient(context, address).call(TRACES, PLAIN);
  assert.ok(answer.message.startsWith('50% of ü\nä'));
  assert.ok(!answer.message.includes('�'));
  assert.ok(Buffer.byteLength(answer.details!.message) <= 1024);
  const raw = await sendRaw(openRaw(context, port), callHeaders(), { body: frame(PLAIN) });
  const encoded = String(raw.headers['grpc-message']);
  assert.ok(encoded.length <= 1024 && /^[ -~]*$/.test(encoded));
});
