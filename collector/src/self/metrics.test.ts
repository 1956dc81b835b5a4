import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ProcessorCount } from '#core/processor-count.ts';
import { createMetrics, mergeMetrics, toOpenMetrics } from './metrics.ts';

const REDACTED: ProcessorCount = {
  processor: 'redact',
  rule: 'email',
  action: 'redacted',
  signal: 'logs',
  service: 'shop "x"',
  count: 3,
  lastUnixMs: 1,
};

const main = createMetrics('main');
const worker = createMetrics('worker');
after(() => {
  main.stop();
  worker.stop();
});

test("the two threads' metrics merge into one OpenMetrics text that counts the process once", async () => {
  const items = { receiver: 'otlp_http', transport: 'http', signal: 'traces' } as const;
  main.countReceiverItems({ ...items, accepted: 10, refused: 2, failed: 1 });
  main.countReceiverRequest({ receiver: 'otlp_http', signal: 'traces', outcome: 'success' });
  worker.countExporterItems({ exporter: 'store', signal: 'logs', sent: 7, sendFailed: 3 });
  worker.setAccounts({
    journals: [
      {
        signal: 'traces',
        accepted: 12,
        bytes: 700,
        maxBytes: 9000,
        maxAgeSeconds: 60,
        segments: 1,
        oldestUnixMs: null,
        failure: null,
      },
    ],
    destinations: [
      {
        destination: 'store',
        signal: 'traces',
        accepted: 12,
        delivered: 3,
        waiting: 5,
        expired: 1,
        refused: 1,
        deadLettered: 2,
        damaged: 0,
        oldestWaitingUnixMs: null,
        state: 'idle',
        lastError: null,
        nextAttemptUnixMs: null,
      },
    ],
    warnings: [],
    processors: [REDACTED],
  });
  worker.setAccounts({
    journals: [],
    destinations: [],
    warnings: [],
    processors: [{ ...REDACTED, count: 5 }],
  });
  worker.observeHttpRequest({ method: 'GET', route: '/api/v1/traces', status: 200, durationSeconds: 0.02 });
  worker.setStoreBytes(4096);
  worker.countStoreExpired({ signal: 'metrics', reason: 'age', items: 8 });
  main.countLogRecord('warn');
  worker.countLogRecord('warn');

  const { text, contentType } = await toOpenMetrics([await main.toJson(), await worker.toJson()]);
  const lines = text.split('\n');
  const expected = [
    'otelcol_receiver_accepted_spans_total{receiver="otlp_http",transport="http"} 10',
    'otelcol_receiver_refused_spans_total{receiver="otlp_http",transport="http"} 2',
    'otelcol_receiver_failed_spans_total{receiver="otlp_http",transport="http"} 1',
    'otelcol_receiver_requests_total{receiver="otlp_http",signal="traces",outcome="success"} 1',
    'otelcol_exporter_sent_log_records_total{exporter="store"} 7',
    'otelcol_exporter_send_failed_log_records_total{exporter="store"} 3',
    'otelcol_exporter_queue_size{exporter="store",data_type="traces"} 5',
    'signalbox_exporter_items{exporter="store",signal="traces",state="accepted"} 12',
    'signalbox_exporter_items{exporter="store",signal="traces",state="dead_lettered"} 2',
    'signalbox_journal_bytes{signal="traces"} 700',
    'signalbox_journal_max_bytes{signal="traces"} 9000',
    'signalbox_store_bytes 4096',
    'signalbox_store_expired_items_total{signal="metrics",reason="age"} 8',
    'signalbox_log_records_total{level="warn"} 2',
    'signalbox_processor_actions_total{processor="redact",rule="email",action="redacted",signal="logs",service="shop \\"x\\""} 5',
    '# TYPE signalbox_processor_actions counter',
  ];
  for (const line of expected) assert.ok(lines.includes(line), `missing: ${line}`);
  assert.match(contentType, /^application\/openmetrics-text/);
  assert.equal(lines.at(-2), '# EOF');
  assert.equal(lines.filter((line) => line.startsWith('process_start_time_seconds ')).length, 1);
  for (const thread of ['main', 'worker']) {
    assert.equal(
      lines.filter((line) => line.startsWith(`signalbox_thread_heap_used_bytes{thread="${thread}"}`)).length,
      1,
    );
  }
});

test('histograms have the boundaries of the semantic conventions and add up over threads', async () => {
  main.observeHttpRequest({ method: 'GET', route: '/x', status: 200, durationSeconds: 0.004 });
  worker.observeHttpRequest({ method: 'GET', route: '/x', status: 200, durationSeconds: 3 });
  const merged = await mergeMetrics([await main.toJson(), await worker.toJson()]);
  const values = merged.find(({ name }) => name === 'http_server_request_duration_seconds')?.values ?? [];
  const buckets = values.filter(
    ({ metricName, labels }) => metricName?.endsWith('_bucket') && labels.route === '/x',
  );
  assert.deepEqual(
    buckets.map(({ labels }) => labels.le),
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, '+Inf'],
  );
  assert.deepEqual([buckets.at(0)?.value, buckets.at(-1)?.value], [1, 2]);
});

test('metrics of a thread survive the way to the other thread', async () => {
  const json = await worker.toJson();
  assert.deepEqual(structuredClone(json), json);
});
