import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { context, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import fastify, { type FastifyInstance } from 'fastify';
import { observeHttp } from './http-observer.ts';
import { createMemoryLogger } from './memory-logger.fixture.ts';
import { createMetrics, type Metrics, toOpenMetrics } from './metrics.ts';

const spans = new InMemorySpanExporter();
const sdk = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  logRecordProcessors: [],
  metricReaders: [],
});
let metrics: Metrics;
let app: FastifyInstance;
let logger: ReturnType<typeof createMemoryLogger>;
let activeTraceId: string | undefined;
let url: string;

before(() => sdk.start());
after(async () => {
  await sdk.shutdown();
  trace.disable();
  context.disable();
});
beforeEach(async () => {
  spans.reset();
  metrics = createMetrics('worker');
  logger = createMemoryLogger();
  app = fastify();
  const config = { traceSampleRatio: 1, isQuietRoute: (route: string) => route === '/livez' };
  observeHttp(app, config, { logger, metrics, consumerOf: () => 'operator', random: () => 0.5 });
  app.get('/livez', async () => 'ok');
  app.get('/items/:id', async () => {
    activeTraceId = trace.getActiveSpan()?.spanContext().traceId;
    return 'hello';
  });
  app.post('/items', async () => {
    activeTraceId = trace.getActiveSpan()?.spanContext().traceId;
    return { done: true };
  });
  app.get('/broken', async () => {
    throw new Error('boom');
  });
  app.get('/endless', (_request, reply) => {
    reply.hijack();
    reply.raw.write('data: 1\n\n');
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await app.close();
  metrics.stop();
});

async function ask(path: string, init?: RequestInit): Promise<void> {
  const lines = logger.lines.length;
  await (await fetch(url + path, init)).arrayBuffer();
  while (logger.lines.length === lines) await new Promise(setImmediate);
}

test('a request leaves one line with route, status, sizes, consumer and the id of its trace', async () => {
  await ask('/items/7?token=hunter2');
  const [line, ...others] = logger.lines;
  assert.deepEqual(others, []);
  const { durationMs, traceId, spanId, ...facts } = line?.context ?? {};
  assert.deepEqual(facts, {
    method: 'GET',
    route: '/items/:id',
    status: 200,
    requestBytes: 0,
    responseBytes: 5,
    consumer: 'operator',
  });
  assert.equal(line?.level, 'info');
  assert.equal(typeof durationMs, 'number');
  const [span] = spans.getFinishedSpans();
  assert.deepEqual([span?.spanContext().traceId, span?.spanContext().spanId], [traceId, spanId]);
  assert.equal(activeTraceId, traceId);
});

test('the span is a server span named by its route and continues the caller', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await ask('/items/7?x=1', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  const [span] = spans.getFinishedSpans();
  assert.equal(span?.name, 'GET /items/:id');
  assert.equal(span?.kind, 1);
  assert.equal(span?.spanContext().traceId, traceId);
  assert.equal(span?.parentSpanContext?.spanId, 'b7ad6b7169203331');
  assert.deepEqual(span?.attributes, {
    'http.request.method': 'GET',
    'http.route': '/items/:id',
    'http.response.status_code': 200,
    'url.path': '/items/7',
  });
});

test("a caller's decision not to sample is followed, and the line then names no trace", async () => {
  await ask('/items/7', {
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' },
  });
  assert.deepEqual(spans.getFinishedSpans(), []);
  assert.equal(logger.lines[0]?.context.traceId, undefined);
});

test('the span is active in a handler behind a body as well', async () => {
  activeTraceId = undefined;
  const body = JSON.stringify({ text: 'x'.repeat(200_000) });
  await ask('/items', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  assert.equal(logger.lines[0]?.context.requestBytes, body.length);
  assert.equal(activeTraceId, spans.getFinishedSpans()[0]?.spanContext().traceId);
});

test('a fault is an error line and an error span with the exception', async () => {
  await ask('/broken');
  assert.equal(logger.lines[0]?.level, 'error');
  assert.equal(logger.lines[0]?.context.status, 500);
  const [span] = spans.getFinishedSpans();
  assert.equal(span?.status.code, 2);
  assert.equal(span?.events[0]?.name, 'exception');
});

test('a path without a route is counted under one label', async () => {
  await ask('/nowhere/123');
  assert.equal(logger.lines[0]?.context.route, 'unmatched');
  assert.equal(spans.getFinishedSpans()[0]?.name, 'GET');
  const { text } = await toOpenMetrics([await metrics.toJson()]);
  assert.match(
    text,
    /http_server_request_duration_seconds_count\{method="GET",route="unmatched",status="404"\} 1/,
  );
});

test('questions of machines are quiet while they succeed', async () => {
  await ask('/livez');
  assert.equal(logger.lines[0]?.level, 'debug');
  assert.deepEqual(spans.getFinishedSpans(), []);
});

test('a client that leaves during a stream ends the span and leaves a line with 499', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  while (logger.lines.length === 0) await new Promise(setImmediate);
  assert.equal(logger.lines[0]?.context.status, 499);
  assert.equal(spans.getFinishedSpans().length, 1);
});
