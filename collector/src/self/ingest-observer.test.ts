import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { trace } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createIngestObserver, type IngestRequest } from './ingest-observer.ts';
import { createMemoryLogger } from './memory-logger.fixture.ts';
import { createMetrics, type Metrics, toOpenMetrics } from './metrics.ts';

const spans = new InMemorySpanExporter();
let metrics: Metrics;
before(() => {
  trace.setGlobalTracerProvider(
    new TracerProvider({
      sampler: new AlwaysOnSampler(),
      spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
    }),
  );
});
beforeEach(() => {
  spans.reset();
  metrics = createMetrics('worker');
});
after(() => trace.disable());

const request: IngestRequest = {
  method: 'POST',
  path: '/v1/traces',
  signal: 'traces',
  status: 200,
  outcome: 'accepted',
  durationMs: 2,
  bodyBytes: 100,
  payloadBytes: 300,
  items: 10,
  rejected: 0,
  deltaPoints: 0,
  encoding: 'protobuf',
  compression: 'gzip',
  userAgent: 'sdk/1',
  traceparent: null,
  remoteAddress: '127.0.0.1',
  isSelf: false,
};

function create(traceSampleRatio = 0) {
  const logger = createMemoryLogger();
  const config = { receiver: 'otlp_http', transport: 'http', traceSampleRatio, summaryIntervalMs: 60_000 };
  return { logger, observer: createIngestObserver(config, { logger, metrics, random: () => 0.5 }) };
}

async function metricLines(): Promise<string[]> {
  return (await toOpenMetrics([await metrics.toJson()])).text.split('\n');
}

test('a thousand accepted requests are one line per signal', async () => {
  const { logger, observer } = create();
  for (let index = 0; index < 1000; index++) {
    observer.requestFinished({ ...request, durationMs: index, userAgent: `sdk/${index % 2}` });
  }
  observer.requestFinished({ ...request, signal: 'logs', path: '/v1/logs', items: 3 });
  observer.stop();
  assert.deepEqual(
    logger.lines.map(({ level, message, context }) => [level, message, context.signal]),
    [
      ['info', 'ingest summary', 'traces'],
      ['info', 'ingest summary', 'logs'],
    ],
  );
  const summary = logger.lines[0]?.context;
  assert.equal(summary?.requests, 1000);
  assert.equal(summary?.items, 10_000);
  assert.equal(summary?.bytes, 100_000);
  assert.equal(summary?.p50DurationMs, 499);
  assert.equal(summary?.maxDurationMs, 999);
  assert.deepEqual(summary?.userAgents, ['sdk/0 (500)', 'sdk/1 (500)']);
  const lines = await metricLines();
  assert.ok(
    lines.includes('otelcol_receiver_accepted_spans_total{receiver="otlp_http",transport="http"} 10000'),
  );
  assert.ok(
    lines.includes(
      'otelcol_receiver_requests_total{receiver="otlp_http",signal="traces",outcome="success"} 1000',
    ),
  );
});

test('a flood of refusals for one reason is a few lines that tell the number held back', () => {
  const { logger, observer } = create();
  for (let index = 0; index < 250; index++) {
    observer.requestFinished({
      ...request,
      status: 400,
      outcome: 'refused',
      items: 0,
      reason: `wire type 7 at offset ${index}`,
    });
  }
  observer.requestFinished({
    ...request,
    status: 503,
    outcome: 'refused',
    items: 0,
    reason: 'the queue is full',
  });
  observer.stop();
  const warned = logger.lines.filter(({ message }) => message === 'ingest request refused');
  assert.deepEqual(
    warned.map(({ context }) => [context.status, context.suppressed]),
    [
      [400, undefined],
      [400, 99],
      [400, 99],
      [503, undefined],
    ],
  );
  assert.equal(warned[0]?.context.route, '/v1/traces');
  assert.equal(warned[0]?.context.requestBytes, 100);
  assert.equal(logger.lines.at(-1)?.context.suppressed, 49);
});

test('a partial success is accepted, counted as refused items, and warned of', async () => {
  const { logger, observer } = create();
  observer.requestFinished({ ...request, items: 8, rejected: 2, reason: '2 spans rejected' });
  observer.stop();
  assert.deepEqual(
    logger.lines.map(({ level, message }) => [level, message]),
    [
      ['warn', 'ingest request partly refused'],
      ['info', 'ingest summary'],
    ],
  );
  const lines = await metricLines();
  assert.ok(lines.includes('otelcol_receiver_accepted_spans_total{receiver="otlp_http",transport="http"} 8'));
  assert.ok(lines.includes('otelcol_receiver_refused_spans_total{receiver="otlp_http",transport="http"} 2'));
});

test('points with delta temporality are counted by receiver, own ones apart, from nothing on', async () => {
  const { observer } = create();
  const metricsRequest: IngestRequest = { ...request, signal: 'metrics', path: '/v1/metrics' };
  observer.requestFinished(metricsRequest);
  assert.ok((await metricLines()).includes('signalbox_receiver_delta_points_total{receiver="otlp_http"} 0'));
  observer.requestFinished({ ...metricsRequest, deltaPoints: 4 });
  observer.requestFinished({ ...metricsRequest, deltaPoints: 3 });
  observer.requestFinished({ ...metricsRequest, deltaPoints: 2, isSelf: true });
  observer.stop();
  const lines = await metricLines();
  assert.ok(lines.includes('signalbox_receiver_delta_points_total{receiver="otlp_http"} 7'));
  assert.ok(lines.includes('signalbox_receiver_delta_points_total{receiver="self"} 2'));
});

test('own requests are counted apart and lead to no line and no span, accepted or refused', async () => {
  const { logger, observer } = create(1);
  for (let index = 0; index < 500; index++) observer.requestFinished({ ...request, isSelf: true });
  observer.requestFinished({
    ...request,
    isSelf: true,
    status: 503,
    outcome: 'refused',
    reason: 'the queue is full',
  });
  observer.stop();
  assert.deepEqual(logger.lines, []);
  assert.deepEqual(spans.getFinishedSpans(), []);
  const lines = await metricLines();
  assert.ok(lines.includes('otelcol_receiver_accepted_spans_total{receiver="self",transport="http"} 5000'));
  assert.ok(
    lines.includes('otelcol_receiver_requests_total{receiver="self",signal="traces",outcome="refused"} 1'),
  );
});

test('a sampled request is a server span that continues its sender, and an error on 5xx', () => {
  const { observer } = create(1);
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  observer.requestFinished({ ...request, traceparent: `00-${traceId}-b7ad6b7169203331-00`, durationMs: 20 });
  observer.requestFinished({ ...request, status: 503, outcome: 'refused', reason: 'full' });
  observer.stop();
  const [accepted, refused] = spans.getFinishedSpans();
  assert.equal(accepted?.name, 'POST /v1/traces');
  assert.equal(accepted?.spanContext().traceId, traceId);
  assert.equal(accepted?.parentSpanContext?.spanId, 'b7ad6b7169203331');
  assert.equal(accepted?.attributes['http.response.status_code'], 200);
  assert.equal(accepted?.status.code, 0);
  assert.equal(refused?.status.code, 2);
});

test('a ratio of zero traces nothing', () => {
  const { observer } = create(0);
  observer.requestFinished(request);
  observer.stop();
  assert.deepEqual(spans.getFinishedSpans(), []);
});

test('thousands of different reasons and user agents stay a bounded number of lines', () => {
  const { logger, observer } = create();
  for (let index = 0; index < 5000; index++) {
    const word = Array.from(String(index), (digit) => 'abcdefghij'[Number(digit)]).join('');
    observer.requestFinished({ ...request, status: 400, outcome: 'refused', reason: word });
    observer.requestFinished({ ...request, userAgent: word });
  }
  observer.stop();
  assert.ok(logger.lines.length < 400, String(logger.lines.length));
});

test('a call of gRPC is a span by the conventions for RPC, and an error by its code', () => {
  const { observer } = create(1);
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  observer.requestFinished({ ...request, path, status: 'OK' });
  observer.requestFinished({ ...request, path, status: 'UNAVAILABLE', outcome: 'refused', reason: 'full' });
  observer.requestFinished({
    ...request,
    path: '/x',
    signal: null,
    status: 'UNIMPLEMENTED',
    outcome: 'refused',
  });
  observer.stop();
  const [accepted, refused, unknown] = spans.getFinishedSpans();
  assert.equal(accepted?.name, path.slice(1));
  assert.equal(accepted?.attributes['rpc.system.name'], 'grpc');
  assert.equal(accepted?.attributes['rpc.response.status_code'], 'OK');
  assert.equal(accepted?.status.code, 0);
  assert.equal(refused?.status.code, 2);
  assert.equal(unknown?.attributes['rpc.method'], '_OTHER');
});
