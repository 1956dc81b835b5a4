import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlertsResponse } from '#api/schemas/alerts.ts';
import { assertBalanced, readAccounting, sumsOf } from '../support/accounting.ts';
import { sendToEngine } from '../support/engine-stack/ask-engines.ts';
import { type DemoSummary, runDemo } from '../support/run-demo.ts';
import { until } from '../support/until.ts';
import { linesIn } from './ask-loki.ts';
import { exemplarsOf, type Sample, samplesOf } from './ask-prometheus.ts';
import { spansOfTrace } from './ask-tempo.ts';
import { createEngineBench, createFileScope, type EngineBench } from './engine-bench.ts';
import { type OtlpRecorder, startOtlpRecorder } from './otlp-recorder.ts';
import { samplesExpected } from './prometheus-samples.ts';
import { logsIn, type RecordedLog, type RecordedSpan, spansIn } from './recorded-items.ts';

const DESTINATIONS = ['tempo', 'loki', 'prometheus', 'otlp'] as const;
const MINUTE_MS = 60_000;
/** What the demo sends; the collector's own telemetry goes on all the time. */
const isOfDemo = (service: string) => service !== 'signalbox';

const startedMs = Date.now();
let bench: EngineBench;
let recorder: OtlpRecorder;
let summary: DemoSummary;
/** Items that each destination was to take. */
let goals: Record<string, number>;
let spans: RecordedSpan[];
let logs: RecordedLog[];
const scope = createFileScope(after);

before(async () => {
  recorder = await startOtlpRecorder(scope);
  bench = await createEngineBench(scope, { env: { SIGNALBOX_EXPORTER_OTLP_ENDPOINT: recorder.url } });
  const { otlpHttpUrl } = await bench.start();
  summary = await runDemo({ endpoint: otlpHttpUrl, requests: 120, seed: 7 });
  await sendExemplar(summary.workflowTraceIds[0]!);
  goals = await untilDelivered();
  spans = spansIn(recorder.requests.traces).filter(({ service }) => isOfDemo(service));
  logs = logsIn(recorder.requests.logs).filter(({ service }) => isOfDemo(service));
});

/** As an app of an SDK that adds exemplars would; the one of the demo doesn't. */
async function sendExemplar(traceId: string): Promise<void> {
  const timeUnixNano = `${Date.now()}000000`;
  const ids = { traceId: Buffer.from(traceId, 'hex'), spanId: Buffer.from('00f067aa0ba902b7', 'hex') };
  const exemplar = { timeUnixNano, asDouble: 0.02, ...ids };
  const point = { timeUnixNano, startTimeUnixNano: timeUnixNano, count: '1', sum: 0.02 };
  const buckets = { bucketCounts: ['1', '0'], explicitBounds: [0.1], exemplars: [exemplar] };
  const histogram = { aggregationTemporality: 2, dataPoints: [{ ...point, ...buckets }] };
  const metrics = [{ name: 'http.server.request.duration', unit: 's', histogram }];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'with-exemplars' } }] };
  const request = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
  const { status, text } = await sendToEngine(bench.signalbox.otlpHttpUrl, 'metrics', request);
  assert.equal(status, 200, text);
}

/** Until every destination has taken what had been accepted when this was asked. Answers how many items that were. */
async function untilDelivered(): Promise<Record<string, number>> {
  const begin = await readAccounting(bench.signalbox);
  const goals = Object.fromEntries(DESTINATIONS.map((name) => [name, sumsOf(begin, name).accepted]));
  await until(
    'every engine to have what was accepted',
    async () => {
      const report = await readAccounting(bench.signalbox);
      assertBalanced(report);
      return DESTINATIONS.every((name) => sumsOf(report, name).delivered >= goals[name]!) || undefined;
    },
    MINUTE_MS,
  );
  return goals;
}

test('what was accepted is delivered to each engine, and nothing was refused, cut away or lost', async (t) => {
  const report = await readAccounting(bench.signalbox);
  assert.deepEqual(
    [...new Set(report.destinations.map(({ destination }) => destination))].sort(),
    [...DESTINATIONS].sort(),
    'the store keeps nothing beside the engines',
  );
  for (const destination of DESTINATIONS) {
    const { damaged, deadLettered, delivered, expired, refused } = sumsOf(report, destination);
    assert.deepEqual({ damaged, deadLettered, expired, refused }, NOTHING_LOST, destination);
    assert.ok(delivered >= goals[destination]! && delivered > 0, destination);
  }
  assert.deepEqual(recorder.malformed, []);
  t.diagnostic(`items delivered: ${JSON.stringify(goals)}; of the demo ${summary.requests} requests`);
});

const NOTHING_LOST = { damaged: 0, deadLettered: 0, expired: 0, refused: 0 };

test('Tempo has every trace of the demo by its id, with all of its spans and each once', async (t) => {
  const expected = Map.groupBy(spans, ({ traceId }) => traceId);
  for (const id of summary.workflowTraceIds) assert.ok(expected.has(id), `the demo named the trace ${id}`);
  for (const [traceId, own] of expected) {
    const found = await spansOfTrace(bench.engines.tempo.url, traceId, own.length);
    const wanted = new Map(own.map(({ spanId }) => [spanId, 1]));
    assert.deepEqual(new Map([...found].sort()), new Map([...wanted].sort()), `spans of ${traceId}`);
  }
  assert.ok(expected.size >= summary.requests);
  t.diagnostic(`${expected.size} traces, ${spans.length} spans`);
});

test('Loki has every log record of the demo with its time, body and trace id, and finds it by that', async (t) => {
  const loki = bench.engines.loki.url;
  const range = { fromMs: startedMs - MINUTE_MS, toMs: Date.now() + MINUTE_MS };
  const lines = await linesIn(loki, '{service_name=~".+", service_name!="signalbox"}', range);
  const found = lines.map(
    ({ body, labels: { service_name: service, trace_id: traceId = '' }, timeUnixNano }) => ({
      service: service!,
      timeUnixNano,
      body,
      traceId,
    }),
  );
  assert.deepEqual(sortedLines(found), sortedLines(logs));
  const traceId = summary.workflowTraceIds[0]!;
  const ofTrace = await linesIn(loki, `{service_name=~".+"} | trace_id="${traceId}"`, range);
  const expected = logs.filter((log) => log.traceId === traceId).map(({ body }) => body);
  assert.ok(expected.length > 0);
  assert.deepEqual(ofTrace.map(({ body }) => body).sort(), expected.sort());
  t.diagnostic(`${found.length} lines, ${ofTrace.length} of the trace ${traceId}`);
});

function sortedLines(lines: RecordedLog[]): string[] {
  return lines.map((line) => `${line.timeUnixNano} ${line.service} ${line.traceId} ${line.body}`).sort();
}

test('Prometheus has every data point of the demo: name, labels, time and value', async (t) => {
  const expected = samplesExpected(recorder.requests.metrics, isOfDemo);
  const toMs = Date.now() + MINUTE_MS;
  const range = { seconds: Math.ceil((toMs - startedMs) / 1000) + 60, toMs };
  const selector = '{job=~"demo/.+|with-exemplars", __name__!="target_info"}';
  const found = await samplesOf(bench.engines.prometheus.url, selector, range);
  assert.deepEqual(sortedSamples(found), sortedSamples(expected));
  const series = new Set(found.map((sample) => sample.series));
  t.diagnostic(`${found.length} samples in ${series.size} series`);
});

function sortedSamples(samples: Sample[]): string[] {
  return samples.map(({ series, timeMs, value }) => `${series} @${timeMs} ${value}`).sort();
}

test('the trace id of an exemplar in Prometheus leads to its trace in Tempo', async () => {
  const range = { fromMs: startedMs, toMs: Date.now() + MINUTE_MS };
  const { prometheus, tempo } = bench.engines;
  const exemplars = await exemplarsOf(prometheus.url, 'http_server_request_duration_seconds_bucket', range);
  assert.deepEqual(
    exemplars.map(({ trace_id }) => trace_id),
    [summary.workflowTraceIds[0]],
  );
  const found = await spansOfTrace(tempo.url, exemplars[0]!.trace_id!, 2);
  assert.ok(found.size > 1);
});

test('the rule Watchdog gets from Prometheus through Alertmanager to the collector', async () => {
  const watchdog = await until(
    'the watchdog to be heard',
    async () => {
      const response = await bench.signalbox.fetchApi('/api/v1/alerts');
      const { watchdog } = (await response.json()) as AlertsResponse;
      return watchdog?.isHeard === true ? watchdog : undefined;
    },
    2 * MINUTE_MS,
  );
  assert.equal(watchdog.state, 'firing');
});
