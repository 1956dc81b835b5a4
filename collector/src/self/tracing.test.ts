import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { context, trace } from '@opentelemetry/api';
import { createLogger } from './logger.ts';
import { startFakeReceiver } from './self-receiver.fixture.ts';
import { type SelfTarget, selfResource } from './self-target.ts';
import { startTracing } from './tracing.ts';

type Receiver = Awaited<ReturnType<typeof startFakeReceiver>>;

const logConfig = {
  level: 'info',
  stdout: 'none',
  max_files_days: 1,
  max_files: 2,
  max_file_bytes: 1e6,
  summary_interval_seconds: 60,
} as const;
const OTEL_ENVIRONMENT = {
  OTEL_TRACES_EXPORTER: 'console',
  OTEL_LOGS_EXPORTER: 'console',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_TRACES_SAMPLER: 'always_off',
  OTEL_RESOURCE_ATTRIBUTES: 'service.name=other',
  OTEL_SERVICE_NAME: 'other',
};

let receiver: Receiver;
let elsewhere: Receiver;
before(async () => {
  receiver = await startFakeReceiver();
  elsewhere = await startFakeReceiver();
  Object.assign(process.env, OTEL_ENVIRONMENT, {
    OTEL_EXPORTER_OTLP_ENDPOINT: elsewhere.url,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${elsewhere.url}/v1/traces`,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${elsewhere.url}/v1/logs`,
    HTTP_PROXY: elsewhere.url,
    http_proxy: elsewhere.url,
  });
});
after(async () => {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('OTEL_') || name.toLowerCase() === 'http_proxy') delete process.env[name];
  }
  await receiver.stop();
  await elsewhere.stop();
});

function targetAt(receiverUrl: string): SelfTarget {
  return { receiverUrl, selfToken: 'own', resource: selfResource({ version: '1.2.3', instanceId: 'i-1' }) };
}

function createTestLogger() {
  const nowhere = new PassThrough().resume();
  return createLogger(logConfig, {
    thread: 'main',
    stdout: nowhere,
    stdoutIsTerminal: false,
    stderr: nowhere,
  });
}

function attributesOf(list: { key: string; value: Record<string, unknown> }[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

test('spans and log records reach the own receiver, marked as own, whatever OTEL_* and proxies say', async () => {
  const logger = createTestLogger();
  logger.info('before telemetry is up');
  const tracing = startTracing({
    target: targetAt(receiver.url),
    thread: 'main',
    logSource: logger,
    onFailedExport: () => assert.fail('an export failed'),
  });
  const span = trace.getTracer('test').startSpan('work');
  context.with(trace.setSpan(context.active(), span), () => logger.warn('inside', { answer: 42 }));
  span.end();
  await tracing.stop();

  assert.deepEqual(elsewhere.received, []);
  assert.deepEqual(receiver.received.map(({ path }) => path).sort(), ['/v1/logs', '/v1/traces']);
  for (const { headers } of receiver.received) assert.equal(headers['x-signalbox-self'], 'own');

  const traces = receiver.received.find(({ path }) => path === '/v1/traces')?.body.resourceSpans[0];
  const resource = attributesOf(traces.resource.attributes);
  assert.equal(resource['service.name'], 'signalbox');
  assert.equal(resource['service.version'], '1.2.3');
  assert.equal(resource['service.instance.id'], 'i-1');
  assert.equal(resource['signalbox.thread'], 'main');
  const [sent] = traces.scopeSpans[0].spans;
  assert.equal(sent.name, 'work');

  const records = receiver.received.find(({ path }) => path === '/v1/logs')?.body.resourceLogs[0].scopeLogs[0]
    .logRecords;
  assert.deepEqual(
    records.map((record: { body: { stringValue: string } }) => record.body.stringValue),
    ['before telemetry is up', 'inside'],
  );
  assert.equal(records[1].traceId, sent.traceId);
  assert.equal(records[1].spanId, sent.spanId);
  assert.equal(records[1].severityText, 'WARN');
  const attributes = attributesOf(records[1].attributes);
  assert.equal(attributes.component, 'main');
  assert.equal(attributes.answer, 42);
});

test('many exports cause no further spans and no further log records', async () => {
  const logger = createTestLogger();
  const before = receiver.received.length;
  for (let round = 0; round < 20; round++) {
    const tracing = startTracing({
      target: targetAt(receiver.url),
      thread: 'main',
      logSource: logger,
      onFailedExport: () => assert.fail('an export failed'),
    });
    trace.getTracer('test').startSpan(`work ${round}`).end();
    logger.info(`line ${round}`);
    await tracing.stop();
  }
  const received = receiver.received.slice(before);
  const names = received.flatMap(({ body }) =>
    (body.resourceSpans ?? []).flatMap((group: { scopeSpans: { spans: { name: string }[] }[] }) =>
      group.scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)),
    ),
  );
  assert.deepEqual(
    names,
    Array.from({ length: 20 }, (_, round) => `work ${round}`),
  );
  assert.equal(received.filter(({ path }) => path === '/v1/logs').length, 20);
  assert.equal(received.length, 40);
});

test('a receiver that refuses is counted and leaves no line in the log', async () => {
  const refusing = await startFakeReceiver(400);
  const lines: string[] = [];
  const logger = createTestLogger();
  const failed: string[] = [];
  const tracing = startTracing({
    target: targetAt(refusing.url),
    thread: 'main',
    logSource: {
      attach: (listener) =>
        logger.attach((record) => {
          lines.push(record.message);
          listener(record);
        }),
    },
    onFailedExport: (signal) => failed.push(signal),
  });
  trace.getTracer('test').startSpan('lost').end();
  logger.info('lost');
  await tracing.stop();
  await refusing.stop();
  assert.deepEqual(failed.sort(), ['logs', 'traces']);
  assert.deepEqual(lines, ['lost']);
});

test('the worker sends spans and leaves log records to the main thread', async () => {
  const before = receiver.received.length;
  const tracing = startTracing({
    target: targetAt(receiver.url),
    thread: 'worker',
    onFailedExport: () => assert.fail('an export failed'),
  });
  trace.getTracer('test').startSpan('in the worker').end();
  await tracing.stop();
  assert.deepEqual(
    receiver.received.slice(before).map(({ path }) => path),
    ['/v1/traces'],
  );
});
