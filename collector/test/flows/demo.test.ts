import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LogRecord } from '#api/schemas/logs.ts';
import type { Span, TraceResponse } from '#api/schemas/traces.ts';
import { untilSettled } from '../support/accounting.ts';
import { type ApiReader, createApiReader } from '../support/api-reader.ts';
import { type DemoSummary, runDemo } from '../support/run-demo.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

const services = [
  'assistant',
  'inventory',
  'model-stand-in',
  'orders-queue',
  'payment',
  'shop',
  'worker',
] as const;
// With this seed the requests hold workflows, checkouts, 4xx and an exception.
const traffic = { requests: 120, seed: 7 };

let dataDir: string;
let signalbox: Signalbox;
let api: ApiReader;
let summary: DemoSummary;
let traces: TraceResponse[];
let logs: LogRecord[];

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-flow-'));
  signalbox = await startSignalbox({ dataDir });
  api = createApiReader(signalbox);
  summary = await runDemo({ endpoint: signalbox.otlpHttpUrl, ...traffic });
  await untilSettled(signalbox);
  traces = await demoTraces();
  logs = await api.logs({});
});

after(async () => {
  await signalbox?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const isOfDemo = ({ service }: { service: string }) => (services as readonly string[]).includes(service);
const isRequestLine = (log: LogRecord) => log.body === 'request finished';
const hasRequestLine = (span: Span) => isOfDemo(span) && span.kind === 'SERVER';
const startOf = (span: Span) => Number(BigInt(span.startTimeUnixNano) + BigInt(span.clockOffsetNano));
const endOf = (span: Span) => startOf(span) + span.durationNano;

async function demoTraces(): Promise<TraceResponse[]> {
  const found = await Promise.all(services.map((service) => api.traces({ service })));
  const ids = new Set(found.flat().map(({ traceId }) => traceId));
  const whole: TraceResponse[] = [];
  for (const traceId of ids) whole.push((await api.trace(traceId))!);
  return whole;
}

function countsOf(records: readonly LogRecord[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { attributes } of records) {
    const route = `${attributes['http.request.method']} ${attributes['http.route']}`;
    const status = String(attributes['http.response.status_code']);
    counts[route] = { ...counts[route], [status]: (counts[route]?.[status] ?? 0) + 1 };
  }
  return counts;
}

function spansNamed(trace: TraceResponse, service: string, name: string): Span[] {
  return trace.spans.filter((span) => span.service === service && span.name === name);
}

const childrenOf = (trace: TraceResponse, span: Span) =>
  trace.spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);

async function workflows(): Promise<TraceResponse[]> {
  assert.ok(summary.workflowTraceIds.length > 0, 'the traffic held a workflow');
  return summary.workflowTraceIds.map((id) => {
    const trace = traces.find(({ traceId }) => traceId === id);
    assert.ok(trace, `the workflow ${id} is there`);
    return trace;
  });
}

test('every request the traffic sent has one log line with its method, route and status', () => {
  const { 'POST /chat': chats = {}, ...toShop } = summary.routes;
  assert.equal(summary.unanswered, 0);
  const lines = logs.filter(isRequestLine);
  assert.deepEqual(countsOf(lines.filter(({ service }) => service === 'shop')), toShop);
  const direct = new Set(
    traces
      .filter(({ spans }) => spans.some((span) => span.parentSpanId === null && span.service === 'assistant'))
      .map(({ traceId }) => traceId),
  );
  const chatLines = lines.filter((log) => log.service === 'assistant' && direct.has(log.traceId ?? ''));
  assert.deepEqual(countsOf(chatLines), { 'POST /chat': chats });
});

test('every request any service handled has exactly one log line, in its span, that says the same', () => {
  const spans = traces.flatMap(({ spans, traceId }) =>
    spans.filter(hasRequestLine).map((span) => ({ span, traceId })),
  );
  const lines = logs.filter((log) => isOfDemo(log) && isRequestLine(log));
  assert.ok(spans.length > traffic.requests);
  assert.equal(lines.length, spans.length);
  const bySpan = Map.groupBy(lines, ({ spanId }) => spanId);
  for (const { span, traceId } of spans) {
    const [line, ...more] = bySpan.get(span.spanId) ?? [];
    assert.ok(line, `${span.service} ${span.name} in ${traceId} has a log line`);
    assert.equal(more.length, 0);
    assert.equal(line.traceId, traceId);
    assert.equal(line.service, span.service);
    for (const key of ['http.request.method', 'http.route', 'http.response.status_code']) {
      assert.ok(span.attributes[key], `${span.service} ${span.name} has ${key}`);
      assert.equal(line.attributes[key], span.attributes[key], `${key} of ${span.service} ${span.name}`);
    }
    const durationMs = line.attributes.duration_ms;
    assert.ok(typeof durationMs === 'number' && durationMs >= 0, `duration_ms is ${durationMs}`);
  }
});

test('every trace id in any log exists as a trace', async () => {
  const ids = new Set(logs.flatMap(({ traceId }) => (traceId === null ? [] : [traceId])));
  assert.ok(ids.size >= traffic.requests);
  for (const traceId of ids) await until(`trace ${traceId}`, () => api.trace(traceId));
});

test('every trace of the demo has one root, and every parent is there', () => {
  assert.ok(traces.length >= traffic.requests);
  for (const { spans, traceId } of traces) {
    const ids = new Set(spans.map(({ spanId }) => spanId));
    assert.equal(ids.size, spans.length, `span ids of ${traceId} are unique`);
    assert.equal(spans.filter(({ parentSpanId }) => parentSpanId === null).length, 1, `roots of ${traceId}`);
    const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== null && !ids.has(parentSpanId));
    assert.deepEqual(orphans, []);
  }
});

test('the services of the demo appear with their requests, errors and latencies', async () => {
  const found = new Map((await api.services()).map((service) => [service.service, service]));
  for (const name of services) {
    const service = found.get(name);
    assert.ok(service, `${name} is listed`);
    const own = traces.flatMap(({ spans }) => spans.filter((span) => span.service === name));
    const requests = own.filter(
      ({ kind, parentSpanId }) => kind === 'SERVER' || kind === 'CONSUMER' || parentSpanId === null,
    );
    const errors = requests.filter(({ statusCode }) => statusCode === 'ERROR');
    assert.equal(service.spans, own.length);
    assert.equal(service.requests, requests.length);
    assert.equal(service.errors, errors.length);
    assert.equal(service.errorRatio, errors.length / requests.length);
    assert.ok(service.requestsPerSecond > 0);
    const { p50Ms, p95Ms, p99Ms } = service;
    assert.ok(0 < p50Ms! && p50Ms! <= p95Ms! && p95Ms! <= p99Ms!, `${p50Ms} ${p95Ms} ${p99Ms}`);
  }
  assert.ok(found.get('payment')!.errors >= summary.workflowTraceIds.length, 'refused payments are errors');
});

test('a failing trace shows where it failed, the exception and the log lines of that request', () => {
  const [failedId] = summary.failedTraceIds;
  const failed = traces.find(({ traceId }) => traceId === failedId);
  assert.ok(failed, 'the traffic held a request that failed');
  // Of a checkout that failed, spans below it are errors too; what went wrong is told by the request's own.
  const span = failed.spans.find(
    ({ kind, service, statusCode }) => kind === 'SERVER' && service === 'shop' && statusCode === 'ERROR',
  );
  const exception = span?.events.find(({ name }) => name === 'exception');
  assert.ok(exception?.attributes['exception.stacktrace']);
  const lines = failed.logs.filter(({ spanId }) => spanId === span?.spanId);
  assert.deepEqual(lines.map(({ severityText }) => severityText).sort(), ['error', 'warn']);
  const error = lines.find(({ severityText }) => severityText === 'error');
  assert.match(String(error?.body), /^request failed: /);
  assert.equal(error?.attributes['exception.message'], exception.attributes['exception.message']);
});

test('a workflow is one trace through all services, from one root', async () => {
  for (const trace of await workflows()) {
    assert.deepEqual([...new Set(trace.spans.map(({ service }) => service))].sort(), [...services]);
    const [root, ...others] = trace.spans.filter(({ parentSpanId }) => parentSpanId === null);
    assert.equal(`${root?.service} ${root?.name} ${root?.kind}`, 'shop POST /workflow SERVER');
    assert.deepEqual(others, []);
  }
});

test('a clock three seconds off is measured and corrected, and other clocks are left alone', async () => {
  const secondNano = 1e9;
  for (const trace of await workflows()) {
    const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
    for (const span of trace.spans) {
      const wanted = span.service === 'payment' ? -3 * secondNano : 0;
      assert.ok(
        Math.abs(span.clockOffsetNano - wanted) < secondNano / 10,
        `${span.service} is moved by ${span.clockOffsetNano} ns`,
      );
      const parent = byId.get(span.parentSpanId ?? '');
      if (parent === undefined) continue;
      // Node stamps starts in whole milliseconds, and a server may end its span after its caller has the answer.
      const slack = secondNano / 4;
      assert.ok(startOf(span) >= startOf(parent) - slack, `${span.name} starts in ${parent.name}`);
      const waitedFor = span.kind !== 'CONSUMER';
      if (waitedFor) assert.ok(endOf(span) <= endOf(parent) + slack, `${span.name} ends in ${parent.name}`);
    }
  }
});

test('reservations of a workflow fan out side by side', async () => {
  const all = (await workflows()).map((trace) => {
    const [checkout] = spansNamed(trace, 'shop', 'checkout');
    return childrenOf(trace, checkout!).filter((call) =>
      childrenOf(trace, call).some(({ service }) => service === 'inventory'),
    );
  });
  const widest = all.sort((a, b) => b.length - a.length)[0]!;
  assert.ok(widest.length >= 2);
  const lastStart = Math.max(...widest.map(startOf));
  const firstEnd = Math.min(...widest.map(endOf));
  assert.ok(lastStart <= firstEnd, 'each begins before any has ended');
});

test('a retry is several client spans: the refused one failed, the last one went through', async () => {
  for (const trace of await workflows()) {
    const [checkout] = spansNamed(trace, 'shop', 'checkout');
    const attempts = childrenOf(trace, checkout!)
      .filter((call) => childrenOf(trace, call).some(({ service }) => service === 'payment'))
      .sort((a, b) => startOf(a) - startOf(b));
    assert.ok(attempts.length >= 2);
    assert.ok(attempts.every(({ kind }) => kind === 'CLIENT'));
    const statuses = attempts.map(({ attributes }) => attributes['http.response.status_code']);
    assert.deepEqual(statuses, [...statuses.slice(1).map(() => 503), 201]);
    assert.deepEqual(
      attempts.map(({ statusCode }) => statusCode === 'ERROR'),
      statuses.map((status) => status === 503),
    );
    const retries = checkout!.events.filter(({ name }) => name === 'retry');
    assert.equal(retries.length, attempts.length - 1);
  }
});

test('an order goes through the queue in the trace of its producer, and its links lead to the batch and back', async () => {
  for (const trace of await workflows()) {
    const [send] = spansNamed(trace, 'shop', 'send orders');
    const [work, ...more] = spansNamed(trace, 'worker', 'process orders');
    assert.deepEqual(more, []);
    assert.equal(send?.kind, 'PRODUCER');
    assert.equal(work?.kind, 'CONSUMER');
    assert.equal(work.parentSpanId, send.spanId);
    const [link] = work.links;
    const batchTrace = await api.trace(link!.traceId);
    const batch = batchTrace?.spans.find(({ spanId }) => spanId === link!.spanId);
    assert.equal(batch?.name, 'receive orders');
    assert.notEqual(batchTrace?.traceId, trace.traceId);
    const back = batch.links.find(({ traceId }) => traceId === trace.traceId);
    assert.equal(back?.spanId, send.spanId);
    assert.equal(back.attributes['messaging.message.id'], send.attributes['messaging.message.id']);
  }
});

test('a streamed answer is a span with the model, its tokens and its first chunk', async () => {
  for (const trace of await workflows()) {
    const [chat] = spansNamed(trace, 'assistant', 'chat demo-small');
    assert.ok(chat);
    const { attributes } = chat;
    assert.equal(attributes['gen_ai.operation.name'], 'chat');
    assert.equal(attributes['gen_ai.request.model'], 'demo-small');
    assert.equal(attributes['gen_ai.request.stream'], true);
    assert.match(String(attributes['gen_ai.response.model']), /^demo-small-/);
    assert.deepEqual(attributes['gen_ai.response.finish_reasons'], ['stop']);
    for (const key of ['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens']) {
      assert.ok(Number.isInteger(attributes[key]) && Number(attributes[key]) > 0, key);
    }
    assert.deepEqual(
      chat.events.map(({ name }) => name),
      ['gen_ai.first_chunk'],
    );
    const [served] = spansNamed(trace, 'model-stand-in', 'POST /v1/chat/completions');
    assert.ok(served, 'the model server has its span in the same trace');
  }
});

test('metrics count the requests that the traces show', async () => {
  for (const service of services.filter((name) => name !== 'worker')) {
    const handled = traces.flatMap(({ spans }) =>
      spans.filter((span) => span.service === service && span.kind === 'SERVER'),
    );
    const metric = await api.metric('http.server.request.duration', { service, stat: 'increase' });
    assert.equal(metric?.type, 'histogram');
    const counted = metric.series.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
    assert.equal(
      counted.reduce((sum, value) => sum + value, 0),
      handled.length,
      service,
    );
  }
});

test('metrics hold the tokens of the streamed answers, by kind', async () => {
  const metric = await api.metric('gen_ai.client.token.usage', { by: 'gen_ai.token.type' });
  assert.equal(metric?.unit, '{token}');
  const kinds = metric.series.map(({ attributes }) => attributes['gen_ai.token.type']);
  assert.deepEqual(kinds.sort(), ['input', 'output']);
});
