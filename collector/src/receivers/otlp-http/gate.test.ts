import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createTestGate, GOOD_KEY, TIRED_KEY } from '../otlp/gate.fixture.ts';
import { decode, traceRequest } from '../otlp/messages.fixture.ts';
import { until } from '../otlp-grpc/until.fixture.ts';
import { head, post, sendRaw, startReceiver, statusOf } from './receiver.fixture.ts';

const PLAIN = traceRequest({ good: 3 });
const TYPE = { 'content-type': 'application/x-protobuf' };
const MIB = 1024 * 1024;

test('a good key in either header is let in, and its tenant goes with the payload', async (context) => {
  const { asked, charged, gate, sender } = createTestGate();
  const { payloads, url } = await startReceiver(context, { gate });
  for (const headers of [{ authorization: `Bearer ${GOOD_KEY}` }, { 'x-api-key': GOOD_KEY }] as const) {
    assert.equal((await post(`${url}/v1/traces`, PLAIN, { ...headers })).response.status, 200);
  }
  assert.deepEqual(
    payloads.map(({ tenant }) => tenant),
    ['acme', 'acme'],
  );
  assert.equal(asked[0]!.bytes, PLAIN.length);
  assert.deepEqual(charged[0], { sender, items: 3, bytes: PLAIN.length, isAccepted: true });
  assert.equal(charged.length, 2);
});

for (const [what, headers] of [
  ['no key', {}],
  ['a wrong key', { authorization: 'Bearer sb_wrong' }],
  ['an empty key', { 'x-api-key': '' }],
  ['a very long key', { 'x-api-key': GOOD_KEY.repeat(200) }],
] as const) {
  test(`${what} is 401 with the scheme and a Status, and nothing is offered or charged`, async (context) => {
    const { charged, gate } = createTestGate();
    const { payloads, url } = await startReceiver(context, { gate });
    const { body, response } = await post(`${url}/v1/traces`, PLAIN, headers);
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Bearer');
    assert.equal(response.headers.get('retry-after'), null);
    assert.equal(statusOf(response.headers.get('content-type'), body).code, 16);
    assert.equal(payloads.length, 0);
    assert.deepEqual(charged, []);
  });
}

test('two keys in one request are no key, even when both are good', async (context) => {
  const { gate } = createTestGate();
  const { payloads, port } = await startReceiver(context, { gate });
  for (const line of [`x-api-key: ${GOOD_KEY}`, `authorization: Bearer ${GOOD_KEY}`]) {
    const start = head('/v1/traces', { ...TYPE, 'content-length': PLAIN.length, connection: 'close' });
    const twice = start.replace('\r\n\r\n', `\r\n${line}\r\n${line}\r\n\r\n`);
    assert.equal((await sendRaw(port, [twice, PLAIN])).status, 401, line);
  }
  assert.equal(payloads.length, 0);
});

test('a key over its limit is 429 with the same wait in Retry-After and RetryInfo, in both encodings', async (context) => {
  const { charged, gate } = createTestGate();
  const { payloads, url } = await startReceiver(context, { gate });
  const binary = await post(`${url}/v1/traces`, PLAIN, { 'x-api-key': TIRED_KEY });
  assert.equal(binary.response.status, 429);
  assert.equal(binary.response.headers.get('retry-after'), '7');
  // biome-ignore lint/suspicious/noExplicitAny: a decoded Status
  const status: any = decode('Status', binary.body);
  assert.equal(status.code, 8);
  assert.deepEqual(decode('RetryInfo', status.details[0].value), { retryDelay: { seconds: '7' } });
  const headers = { 'x-api-key': TIRED_KEY, 'content-type': 'application/json' };
  const json = await post(`${url}/v1/traces`, '{}', headers);
  assert.equal(json.response.status, 429);
  assert.equal(JSON.parse(json.body.toString()).details[0].retryDelay, '7s');
  assert.equal(payloads.length, 0);
  assert.deepEqual(charged, []);
});

test('what a sender brought is charged once though it was refused', async (context) => {
  const { charged, gate } = createTestGate();
  const { url } = await startReceiver(context, { gate });
  const body = Buffer.from([0x0a, 0x80]);
  assert.equal((await post(`${url}/v1/traces`, body, { 'x-api-key': GOOD_KEY })).response.status, 400);
  assert.equal(charged.length, 1);
  const { sender: _, ...brought } = charged[0]!;
  assert.deepEqual(brought, { items: 0, bytes: 2, isAccepted: false });
});

test('requests that are wrong by their head do not reach the gate, and our own pass it by', async (context) => {
  const { asked, charged, gate } = createTestGate();
  const { payloads, url } = await startReceiver(context, { gate });
  assert.equal((await post(`${url}/nothing`, PLAIN)).response.status, 404);
  assert.equal(
    (await post(`${url}/v1/traces`, PLAIN, { 'content-type': 'text/plain' })).response.status,
    415,
  );
  const own = { 'x-signalbox-self': 'token-of-this-process' };
  assert.equal((await post(`${url}/v1/traces`, PLAIN, own)).response.status, 200);
  assert.deepEqual([payloads[0]!.source, payloads[0]!.tenant], ['self', '']);
  assert.deepEqual(asked, []);
  assert.deepEqual(charged, []);
});

test('whoever may not send is read for a usual batch, and cut off after it', async (context) => {
  const { gate } = createTestGate();
  const { port } = await startReceiver(context, { gate });
  const usual = head('/v1/traces', { ...TYPE, 'content-length': 500_000 });
  const key = { 'x-api-key': GOOD_KEY, 'content-length': PLAIN.length, connection: 'close' };
  const answer = await sendRaw(port, [
    usual,
    Buffer.alloc(500_000),
    head('/v1/traces', { ...TYPE, ...key }),
    PLAIN,
  ]);
  assert.match(answer.text, /^HTTP\/1\.1 401 /);
  assert.equal(answer.status, 200);
  // Ends because the server closes.
  await sendRaw(port, [head('/v1/traces', { ...TYPE, 'content-length': 60 * MIB }), Buffer.alloc(3 * MIB)]);
});

test('no key reaches the observer', async (context) => {
  const { gate } = createTestGate();
  const { finished, port, url } = await startReceiver(context, { gate });
  for (const key of [GOOD_KEY, TIRED_KEY, 'planted-secret']) {
    await post(`${url}/v1/traces`, PLAIN, { authorization: `Bearer ${key}` });
    await post(`${url}/v1/traces`, 'bad', { 'x-api-key': key });
    await sendRaw(port, [`POST /v1/traces HTTP/1.1\r\nx-api-key: ${key}\r\nbad header\r\n\r\n`]);
  }
  assert.equal(finished.length, 9);
  const told = JSON.stringify(finished);
  for (const key of [GOOD_KEY, TIRED_KEY, 'planted-secret']) assert.ok(!told.includes(key));
});

test('a sender that goes right after its body is charged with what was accepted all the same', async (context) => {
  const { charged, gate, sender } = createTestGate();
  const offered = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const { finished, port } = await startReceiver(context, { gate }, async () => {
    offered.resolve();
    await written.promise;
    return { kind: 'accepted' };
  });
  const socket = connect(port, '127.0.0.1');
  const headers = { ...TYPE, 'content-length': PLAIN.length, 'x-api-key': GOOD_KEY };
  socket.on('error', () => {});
  socket.write(head('/v1/traces', headers));
  socket.write(PLAIN);
  await offered.promise;
  socket.resetAndDestroy();
  await until(() => finished.length === 1);
  assert.deepEqual(charged, []);
  written.resolve();
  await until(() => charged.length === 1);
  assert.deepEqual(charged[0], { sender, items: 3, bytes: PLAIN.length, isAccepted: true });
});
