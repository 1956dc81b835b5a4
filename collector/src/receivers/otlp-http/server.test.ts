import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { SIGNALS } from '#core/signal.ts';
import { decode, traceRequest } from '../otlp/messages.fixture.ts';
import { post, startReceiver, statusOf } from './receiver.fixture.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const SPAN = { traceId: '01'.repeat(16), spanId: '02'.repeat(8), name: 'a' };

function jsonTraces(span: object): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}

test('the same payload arrives whole through every content encoding', async (context) => {
  const { url, payloads } = await startReceiver(context);
  const plain = traceRequest({ good: 20 });
  const wires = { identity: plain, gzip: zlib.gzipSync(plain), zstd: zlib.zstdCompressSync(plain) };
  for (const [coding, wire] of Object.entries(wires)) {
    const { response, body } = await post(`${url}/v1/traces`, wire, { 'content-encoding': coding });
    assert.equal(response.status, 200, coding);
    assert.equal(response.headers.get('content-type'), 'application/x-protobuf');
    assert.equal(body.length, 0);
    const payload = payloads.at(-1)!;
    assert.ok(plain.equals(payload.bytes));
    assert.equal(payload.items, 20);
    assert.equal(payload.signal, 'traces');
    assert.equal(payload.source, 'otlp_http');
  }
  assert.equal(payloads.length, 3);
});

test('a payload owns its memory and knows when it came', async (context) => {
  const { url, payloads } = await startReceiver(context);
  const before = BigInt(Date.now()) * 1_000_000n;
  await post(`${url}/v1/traces`, traceRequest());
  await post(`${url}/v1/traces`, traceRequest({ bad: 1 }));
  await post(`${url}/v1/traces`, zlib.gzipSync(traceRequest()), { 'content-encoding': 'gzip' });
  await post(`${url}/v1/traces`, jsonTraces(SPAN), JSON_TYPE);
  assert.equal(payloads.length, 4);
  for (const { bytes, receivedUnixNano } of payloads) {
    assert.equal(bytes.buffer.byteLength, bytes.byteLength);
    assert.ok(receivedUnixNano >= before && receivedUnixNano <= BigInt(Date.now()) * 1_000_000n);
  }
});

for (const signal of SIGNALS) {
  test(`an empty request of ${signal} succeeds in both encodings and offers nothing`, async (context) => {
    const { url, payloads } = await startReceiver(context);
    const binary = await post(`${url}/v1/${signal}`, '');
    assert.equal(binary.response.status, 200);
    assert.equal(binary.body.length, 0);
    for (const text of ['{}', '{"resourceSpans":[],"resourceMetrics":[],"resourceLogs":[]}']) {
      const json = await post(`${url}/v1/${signal}`, text, JSON_TYPE);
      assert.equal(json.response.status, 200);
      assert.equal(json.body.toString(), '{}');
      assert.equal(json.response.headers.get('content-type'), 'application/json');
    }
    assert.equal(payloads.length, 0);
  });
}

test('an envelope without spans succeeds', async (context) => {
  const { url, payloads } = await startReceiver(context);
  const { response } = await post(`${url}/v1/traces`, traceRequest({ good: 0 }));
  assert.equal(response.status, 200);
  assert.equal(payloads.length, 0);
});

test('JSON with a charset parameter and in upper case is JSON', async (context) => {
  const { url, payloads } = await startReceiver(context);
  for (const contentType of [
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;charset=utf-8',
  ]) {
    const { response } = await post(`${url}/v1/traces`, jsonTraces(SPAN), { 'content-type': contentType });
    assert.equal(response.status, 200, contentType);
  }
  assert.equal(payloads.length, 3);
});

test('64-bit integers in JSON survive exactly, as text and as bare numbers', async (context) => {
  const { url, payloads } = await startReceiver(context);
  const text = jsonTraces({ ...SPAN, startTimeUnixNano: '18446744073709551615', endTimeUnixNano: 'END' });
  const { response } = await post(
    `${url}/v1/traces`,
    text.replace('"END"', '1790000000123456789'),
    JSON_TYPE,
  );
  assert.equal(response.status, 200);
  // biome-ignore lint/suspicious/noExplicitAny: a decoded request
  const request: any = decode('TraceRequest', payloads[0]!.bytes);
  const [span] = request.resourceSpans[0].scopeSpans[0].spans;
  assert.equal(span.startTimeUnixNano, '18446744073709551615');
  assert.equal(span.endTimeUnixNano, '1790000000123456789');
  assert.equal(Buffer.from(span.traceId).toString('hex'), SPAN.traceId);
});

test('bad spans are left out and counted, the good ones go on', async (context) => {
  const { url, payloads, finished } = await startReceiver(context);
  const { response, body } = await post(`${url}/v1/traces`, traceRequest({ good: 3, bad: 2 }));
  assert.equal(response.status, 200);
  // biome-ignore lint/suspicious/noExplicitAny: a decoded answer
  const { partialSuccess }: any = decode('ExportResponse', body);
  assert.equal(partialSuccess.rejected, '2');
  assert.match(partialSuccess.errorMessage, /trace_id/);
  assert.equal(payloads[0]!.items, 3);
  assert.ok(traceRequest({ good: 3 }).equals(payloads[0]!.bytes));
  assert.equal(finished[0]!.items, 3);
  assert.equal(finished[0]!.rejected, 2);
  assert.match(finished[0]!.reason!, /trace_id/);
});

test('when no span is good nothing is offered and all are counted, in JSON as well', async (context) => {
  const { url, payloads } = await startReceiver(context);
  const { response, body } = await post(
    `${url}/v1/traces`,
    jsonTraces({ ...SPAN, traceId: 'abc' }),
    JSON_TYPE,
  );
  assert.equal(response.status, 200);
  const { partialSuccess } = JSON.parse(body.toString());
  assert.equal(partialSuccess.rejectedSpans, '1');
  assert.equal(payloads.length, 0);
});

test('a query after the path is ignored', async (context) => {
  const { url } = await startReceiver(context);
  assert.equal((await post(`${url}/v1/traces?team=a`, traceRequest())).response.status, 200);
});

for (const [what, outcome, status] of [
  ['refuses', { kind: 'rejected', reason: 'not wanted' }, 400],
  ['is busy', { kind: 'retry_after', seconds: 2.2, reason: 'not wanted' }, 503],
] as const) {
  test(`a next stage that ${what} becomes ${status}`, async (context) => {
    const { url } = await startReceiver(context, {}, () => outcome);
    const { response, body } = await post(`${url}/v1/traces`, traceRequest());
    assert.equal(response.status, status);
    assert.equal(statusOf(response.headers.get('content-type'), body).message, 'not wanted');
    assert.equal(response.headers.get('retry-after'), status === 503 ? '3' : null);
  });
}

test('503 tells the same wait in Retry-After and RetryInfo, in both encodings', async (context) => {
  const { url } = await startReceiver(context, {}, () => ({
    kind: 'retry_after',
    seconds: 7,
    reason: 'full',
  }));
  const binary = await post(`${url}/v1/traces`, traceRequest());
  // biome-ignore lint/suspicious/noExplicitAny: a decoded Status
  const status: any = decode('Status', binary.body);
  assert.match(status.details[0].typeUrl, /google\.rpc\.RetryInfo$/);
  assert.deepEqual(decode('RetryInfo', status.details[0].value), { retryDelay: { seconds: '7' } });
  assert.equal(binary.response.headers.get('retry-after'), '7');
  const json = await post(`${url}/v1/traces`, jsonTraces(SPAN), JSON_TYPE);
  assert.equal(JSON.parse(json.body.toString()).details[0].retryDelay, '7s');
});

test('a next stage that throws becomes 503, and the fault reaches the observer only', async (context) => {
  const fault = new Error('secret detail');
  const { url, finished } = await startReceiver(context, {}, () => Promise.reject(fault));
  const { response, body } = await post(`${url}/v1/traces`, traceRequest());
  assert.equal(response.status, 503);
  assert.ok(!body.toString().includes('secret'));
  assert.equal(finished[0]!.error, fault);
});

test('the observer hears of a request once, with its sizes and its sender', async (context) => {
  const { url, finished } = await startReceiver(context);
  const plain = traceRequest({ good: 5 });
  const wire = zlib.gzipSync(plain);
  const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  const headers = { 'content-encoding': 'gzip', 'user-agent': 'OTel-Test/1', traceparent };
  await post(`${url}/v1/traces?secret=1`, wire, headers);
  assert.equal(finished.length, 1);
  const { durationMs, remoteAddress, ...rest } = finished[0]!;
  assert.ok(durationMs >= 0);
  assert.match(remoteAddress!, /127\.0\.0\.1$/);
  assert.deepEqual(rest, {
    method: 'POST',
    path: '/v1/traces',
    signal: 'traces',
    status: 200,
    outcome: 'accepted',
    bodyBytes: wire.length,
    payloadBytes: plain.length,
    items: 5,
    rejected: 0,
    deltaPoints: 0,
    encoding: 'protobuf',
    compression: 'gzip',
    userAgent: 'OTel-Test/1',
    traceparent,
    isSelf: false,
  });
});

test('only the token of this process makes a request our own', async (context) => {
  const { url, payloads, finished } = await startReceiver(context);
  for (const token of ['token-of-this-process', 'token-of-that-process', 'x', '']) {
    await post(`${url}/v1/traces`, traceRequest(), { 'x-signalbox-self': token });
  }
  assert.deepEqual(
    payloads.map(({ source }) => source),
    ['self', 'otlp_http', 'otlp_http', 'otlp_http'],
  );
  assert.deepEqual(
    finished.map(({ isSelf }) => isSelf),
    [true, false, false, false],
  );
});

test('100 requests in parallel are all answered and none is lost', async (context) => {
  const { url, payloads } = await startReceiver(context);
  const wire = zlib.gzipSync(traceRequest({ good: 50 }));
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => post(`${url}/v1/traces`, wire, { 'content-encoding': 'gzip' })),
  );
  assert.ok(answers.every(({ response }) => response.status === 200));
  assert.equal(
    payloads.reduce((sum, { items }) => sum + items, 0),
    5000,
  );
});
