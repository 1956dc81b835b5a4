import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAs } from '#otlp/testing/reference.ts';
import { decode, traceRequest } from '../otlp/messages.fixture.ts';
import { LOGS, METRICS, openClient, retryAfterOf, startReceiver, TRACES } from './receiver.fixture.ts';

test('the same payload arrives whole, plain and as gzip, which stays gzip', async (context) => {
  const { address, payloads } = await startReceiver(context);
  const plain = traceRequest({ good: 20 });
  for (const gzip of [false, true]) {
    const answer = await openClient(context, address, { gzip }).call(TRACES, plain);
    assert.equal(answer.code, 'OK', answer.message);
    assert.equal(answer.body.length, 0);
    const payload = payloads.at(-1)!;
    assert.ok(plain.equals(payload.bytes));
    assert.equal(payload.bytes.buffer.byteLength, payload.bytes.byteLength);
    assert.equal(payload.items, 20);
    assert.equal(payload.signal, 'traces');
    assert.equal(payload.source, 'otlp_grpc');
    assert.equal(payload.gzip !== null, gzip);
  }
  assert.equal(payloads.length, 2);
});

for (const [signal, path] of [
  ['traces', TRACES],
  ['metrics', METRICS],
  ['logs', LOGS],
] as const) {
  test(`an empty request of ${signal} succeeds with an empty answer and offers nothing`, async (context) => {
    const { address, finished, payloads } = await startReceiver(context);
    for (const gzip of [false, true]) {
      const answer = await openClient(context, address, { gzip }).call(path, Buffer.alloc(0));
      assert.equal(answer.code, 'OK', answer.message);
      assert.equal(answer.body.length, 0);
    }
    assert.equal(payloads.length, 0);
    assert.deepEqual(
      finished.map((request) => request.signal),
      [signal, signal],
    );
  });
}

test('bad spans are left out and counted, the good ones go on', async (context) => {
  const { address, finished, payloads } = await startReceiver(context);
  const answer = await openClient(context, address).call(TRACES, traceRequest({ good: 3, bad: 2 }));
  assert.equal(answer.code, 'OK');
  // biome-ignore lint/suspicious/noExplicitAny: a decoded answer
  const { partialSuccess }: any = decode('ExportResponse', answer.body);
  assert.equal(partialSuccess.rejected, '2');
  assert.match(partialSuccess.errorMessage, /trace_id/);
  assert.ok(Buffer.byteLength(partialSuccess.errorMessage) <= 1024);
  assert.ok(traceRequest({ good: 3 }).equals(payloads[0]!.bytes));
  assert.equal(finished[0]!.rejected, 2);
  assert.match(finished[0]!.reason!, /trace_id/);
});

test('points with delta temporality are accepted with a warning', async (context) => {
  const { address, payloads } = await startReceiver(context);
  const sum = { aggregationTemporality: 1, dataPoints: [{ asInt: '1' }] };
  const request = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', sum }] }] }] };
  const message = encodeAs('ExportMetricsServiceRequest', request);
  const answer = await openClient(context, address).call(METRICS, message);
  assert.equal(answer.code, 'OK', answer.message);
  // biome-ignore lint/suspicious/noExplicitAny: a decoded answer
  const { partialSuccess }: any = decode('ExportResponse', answer.body);
  assert.equal(partialSuccess.rejected, undefined);
  assert.match(partialSuccess.errorMessage, /delta temporality/);
  assert.equal(payloads.length, 1);
});

for (const [what, outcome, code, wait] of [
  ['refuses', { kind: 'rejected', reason: 'not wanted' }, 'INVALID_ARGUMENT', null],
  ['is busy', { kind: 'retry_after', seconds: 2.2, reason: 'not wanted' }, 'UNAVAILABLE', 3],
] as const) {
  test(`a next stage that ${what} becomes ${code}`, async (context) => {
    const { address, finished } = await startReceiver(context, {}, () => outcome);
    const answer = await openClient(context, address).call(TRACES, traceRequest());
    assert.equal(answer.code, code);
    assert.equal(answer.message, 'not wanted');
    assert.equal(answer.details?.message, 'not wanted');
    assert.equal(retryAfterOf(answer), wait);
    assert.equal(finished[0]!.status, code);
    assert.equal(finished[0]!.outcome, 'refused');
  });
}

test('a next stage that throws becomes UNAVAILABLE, and the fault reaches the observer only', async (context) => {
  const fault = new Error('secret detail');
  const { address, finished } = await startReceiver(context, {}, () => Promise.reject(fault));
  const answer = await openClient(context, address).call(TRACES, traceRequest());
  assert.equal(answer.code, 'UNAVAILABLE');
  assert.ok(retryAfterOf(answer)! > 0);
  assert.ok(!JSON.stringify(answer).includes('secret'));
  assert.equal(finished[0]!.error, fault);
  assert.equal(finished[0]!.outcome, 'failed');
});

test('a fault of the receiver itself is INTERNAL', async (context) => {
  const gate = { admit: () => ({ kind: 'admitted' as const, sender: null as never }), charge() {} };
  const { address, finished } = await startReceiver(context, { gate });
  const answer = await openClient(context, address).call(TRACES, traceRequest());
  assert.equal(answer.code, 'INTERNAL');
  assert.equal(retryAfterOf(answer), null);
  assert.equal(finished[0]!.outcome, 'failed');
  assert.match(String(finished[0]!.error), /past the gate/);
});

test('the observer hears of a call once, with its sizes and its sender', async (context) => {
  const { address, finished } = await startReceiver(context);
  const plain = traceRequest({ good: 5 });
  const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  const client = openClient(context, address);
  await client.call(TRACES, plain, { traceparent });
  await client.call(TRACES, plain);
  assert.equal(finished.length, 2);
  const { durationMs, remoteAddress, userAgent, ...rest } = finished[0]!;
  assert.ok(durationMs >= 0);
  assert.match(remoteAddress!, /127\.0\.0\.1$/);
  assert.match(userAgent!, /^grpc-node-js/);
  assert.deepEqual(rest, {
    method: 'POST',
    path: TRACES,
    signal: 'traces',
    status: 'OK',
    outcome: 'accepted',
    bodyBytes: plain.length + 5,
    payloadBytes: plain.length,
    items: 5,
    rejected: 0,
    deltaPoints: 0,
    encoding: 'protobuf',
    compression: 'identity',
    traceparent,
    isSelf: false,
  });
});

test('100 calls in parallel on one connection are all answered and none is lost', async (context) => {
  const { address, payloads } = await startReceiver(context, { max_concurrent_streams: 200 });
  const client = openClient(context, address, { gzip: true });
  const message = traceRequest({ good: 50 });
  const answers = await Promise.all(Array.from({ length: 100 }, () => client.call(TRACES, message)));
  assert.deepEqual([...new Set(answers.map(({ code }) => code))], ['OK']);
  assert.equal(
    payloads.reduce((sum, { items }) => sum + items, 0),
    5000,
  );
});

test('calls above the streams of a connection wait their turn', async (context) => {
  const { address, payloads } = await startReceiver(context, { max_concurrent_streams: 2 });
  const client = openClient(context, address);
  const answers = await Promise.all(Array.from({ length: 30 }, () => client.call(TRACES, traceRequest())));
  assert.deepEqual([...new Set(answers.map(({ code }) => code))], ['OK']);
  assert.equal(payloads.length, 30);
});
