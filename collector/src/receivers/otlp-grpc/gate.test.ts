import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestGate, GOOD_KEY, TIRED_KEY } from '../otlp/gate.fixture.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';
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

const PLAIN = traceRequest({ good: 3 });

test('a good key in either header is let in, and its tenant goes with the payload', async (context) => {
  const { charged, gate, sender } = createTestGate();
  const { address, payloads } = await startReceiver(context, { gate });
  const client = openClient(context, address);
  for (const metadata of [{ authorization: `Bearer ${GOOD_KEY}` }, { 'x-api-key': GOOD_KEY }]) {
    assert.equal((await client.call(TRACES, PLAIN, metadata)).code, 'OK');
  }
  assert.deepEqual(
    payloads.map(({ tenant }) => tenant),
    ['acme', 'acme'],
  );
  await until(() => charged.length === 2);
  assert.deepEqual(charged[0], { sender, items: 3, bytes: PLAIN.length + 5, isAccepted: true });
});

for (const [what, metadata] of [
  ['no key', {}],
  ['a wrong key', { authorization: 'Bearer sb_wrong' }],
  ['an empty key', { 'x-api-key': '' }],
  ['a very long key', { 'x-api-key': GOOD_KEY.repeat(200) }],
] as const) {
  test(`${what} is UNAUTHENTICATED without RetryInfo, and nothing is read, offered or charged`, async (context) => {
    const { charged, gate } = createTestGate();
    const { address, finished, payloads } = await startReceiver(context, { gate });
    const answer = await openClient(context, address).call(TRACES, PLAIN, metadata);
    assert.equal(answer.code, 'UNAUTHENTICATED');
    assert.equal(answer.details?.code, 16);
    assert.equal(retryAfterOf(answer), null);
    assert.equal(payloads.length, 0);
    assert.deepEqual(charged, []);
    assert.deepEqual([finished[0]!.bodyBytes, finished[0]!.outcome], [0, 'refused']);
  });
}

test('two keys in one call are no key, even when both are good', async (context) => {
  const { asked, gate } = createTestGate();
  const { payloads, port } = await startReceiver(context, { gate });
  const headers = callHeaders({ 'x-api-key': [GOOD_KEY, GOOD_KEY] });
  assert.equal(statusOf(await sendRaw(openRaw(context, port), headers, { body: frame(PLAIN) })), '16');
  assert.deepEqual(asked[0]!.credentials, {
    authorization: undefined,
    apiKey: `${GOOD_KEY}, ${GOOD_KEY}`,
  });
  assert.equal(payloads.length, 0);
});

test('a key over its limit is RESOURCE_EXHAUSTED with RetryInfo before its message is read', async (context) => {
  const { charged, gate } = createTestGate();
  const { address, payloads, port } = await startReceiver(context, { gate });
  const answer = await openClient(context, address).call(TRACES, PLAIN, { 'x-api-key': TIRED_KEY });
  assert.equal(answer.code, 'RESOURCE_EXHAUSTED');
  assert.equal(answer.message, 'over the limit');
  assert.equal(retryAfterOf(answer), 7);
  const early = await sendRaw(openRaw(context, port), callHeaders({ 'x-api-key': TIRED_KEY }), {
    end: false,
  });
  assert.equal(statusOf(early), '8');
  assert.equal(payloads.length, 0);
  assert.deepEqual(charged, []);
});

test('what a sender brought is charged though it was refused, and the gate hears what it declared', async (context) => {
  const { asked, charged, gate } = createTestGate();
  const { port } = await startReceiver(context, { gate });
  const body = frame(Buffer.from([0x0a, 0x80]));
  const headers = callHeaders({ 'x-api-key': GOOD_KEY, 'content-length': body.length });
  assert.equal(statusOf(await sendRaw(openRaw(context, port), headers, { body })), '3');
  await until(() => charged.length === 1);
  const { sender: _, ...brought } = charged[0]!;
  assert.deepEqual(brought, { items: 0, bytes: body.length, isAccepted: false });
  assert.equal(asked[0]!.bytes, body.length);
});

test('calls that are wrong by their headers do not reach the gate', async (context) => {
  const { asked, gate } = createTestGate();
  const { address } = await startReceiver(context, { gate });
  const answer = await openClient(context, address).call('/nothing', PLAIN, { 'x-api-key': GOOD_KEY });
  assert.equal(answer.code, 'UNIMPLEMENTED');
  assert.deepEqual(asked, []);
});

test('no key reaches the observer, good, wrong or twice', async (context) => {
  const { gate } = createTestGate();
  const { address, finished, port } = await startReceiver(context, { gate });
  const client = openClient(context, address);
  for (const key of [GOOD_KEY, TIRED_KEY, 'planted-secret']) {
    await client.call(TRACES, PLAIN, { authorization: `Bearer ${key}` });
    await client.call(TRACES, Buffer.from('bad'), { 'x-api-key': key });
    await client.call('/nothing', PLAIN, { 'x-api-key': key });
    const headers = callHeaders({ 'content-type': 'text/plain', 'x-api-key': [key, key] });
    await sendRaw(openRaw(context, port), headers, { body: PLAIN });
  }
  await until(() => finished.length === 12);
  const told = JSON.stringify(finished);
  for (const key of [GOOD_KEY, TIRED_KEY, 'planted-secret']) assert.ok(!told.includes(key));
});

test('a sender that resets its call right after the message is charged with what was accepted all the same', async (context) => {
  const { charged, gate, sender } = createTestGate();
  const offered = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const { finished, port } = await startReceiver(context, { gate }, async () => {
    offered.resolve();
    await written.promise;
    return { kind: 'accepted' };
  });
  const stream = openRaw(context, port).request(callHeaders({ 'x-api-key': GOOD_KEY }));
  stream.on('error', () => {});
  stream.end(frame(PLAIN));
  await offered.promise;
  stream.close(8);
  await until(() => finished.length === 1);
  assert.deepEqual(charged, []);
  written.resolve();
  await until(() => charged.length === 1);
  assert.deepEqual(charged[0], { sender, items: 3, bytes: PLAIN.length + 5, isAccepted: true });
});
