import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { type DestinationSums, sumsOf, untilSettled } from '../support/accounting.ts';
import { ask } from '../support/engine-stack/ask-engines.ts';
import { linesIn } from './ask-loki.ts';
import { samplesOf } from './ask-prometheus.ts';
import { spansOfTrace } from './ask-tempo.ts';
import { createEngineBench, createFileScope, type EngineBench, reconfigure } from './engine-bench.ts';

const MIB = 1024 * 1024;
const REQUEST_BYTES = 40 * MIB;
const ITEMS = 4000;
const FILLER = 'x'.repeat(Math.ceil(REQUEST_BYTES / ITEMS));
const TRACES = 40;
const SERIES = 100;
const SETTLE_MS = 120_000;
const ENGINE_OF = { traces: 'tempo', metrics: 'prometheus', logs: 'loki' } as const;
const HAS_TEMPO_3 = (process.env.SIGNALBOX_TEST_TEMPO ?? '') !== '';

const scope = createFileScope(after);
let bench: EngineBench;

before(async () => {
  // Parts of the older Tempo hand each other at most 4 MiB unless told otherwise, as tempo.yaml tells the newer one.
  const sizes = `grpc_server_max_recv_msg_size: ${64 * MIB}\n  grpc_server_max_send_msg_size: ${64 * MIB}`;
  const configPatch = (text: string) => text.replace(/grpc_listen_port: 9096/, `$&\n  ${sizes}`);
  bench = await createEngineBench(scope, {
    env: { SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' },
    ...(HAS_TEMPO_3 ? {} : { of: { tempo: { configPatch } } }),
  });
  await bench.start();
});

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const traceIdOf = (service: string, trace: number) =>
  createHash('md5').update(`${service} ${trace}`).digest('hex');

/** A request of 40 MiB; every item has a number of its own in `offset`, and much else. */
function largeRequest(signal: Signal, service: string): Plain {
  const resource = { attributes: [text('service.name', service)] };
  const startMs = Date.now() - ITEMS;
  const numbers = Array.from({ length: ITEMS }, (_, number) => number);
  const nano = (number: number) => `${startMs + number}000000`;
  if (signal === 'logs') {
    const logRecords = numbers.map((number) => ({
      timeUnixNano: nano(number),
      body: { stringValue: `${number} ${FILLER}` },
    }));
    return { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] };
  }
  if (signal === 'traces') {
    const spans = numbers.map((number) => ({
      traceId: Buffer.from(traceIdOf(service, number % TRACES), 'hex'),
      spanId: Buffer.from((number + 1).toString(16).padStart(16, '0'), 'hex'),
      name: 'large',
      startTimeUnixNano: nano(number),
      endTimeUnixNano: nano(number),
      attributes: [text('prompt', FILLER)],
    }));
    return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
  }
  const dataPoints = numbers.map((number) => ({
    timeUnixNano: nano(number),
    asInt: String(number),
    attributes: [text('filler', FILLER), text('series', String(number % SERIES))],
  }));
  return {
    resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'large', gauge: { dataPoints } }] }] }],
  };
}

/** Sends one such request and waits until it has arrived, or been given up. Answers what its destination counts more. */
async function deliver(signal: Signal, service: string): Promise<Partial<DestinationSums>> {
  const before = sumsOf(await untilSettled(bench.signalbox), ENGINE_OF[signal]);
  const body = Buffer.from(encodeAs(REQUEST_NAMES[signal], largeRequest(signal, service)));
  assert.ok(body.length >= REQUEST_BYTES);
  const { status, text: said } = await ask(`${bench.signalbox.otlpHttpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body,
  });
  assert.deepEqual({ status, said }, { status: 200, said: '' });
  const { deadLettered, delivered, expired, refused } = sumsOf(
    await untilSettled(bench.signalbox, SETTLE_MS),
    ENGINE_OF[signal],
  );
  return { deadLettered, delivered: delivered - before.delivered, expired, refused };
}

const ALL_DELIVERED = { deadLettered: 0, delivered: ITEMS, expired: 0, refused: 0 };

/** How many different items of the large request the engine has whole. */
async function countFound(signal: Signal, service: string): Promise<number> {
  const { loki, prometheus, tempo } = bench.engines;
  const toMs = Date.now() + 60_000;
  if (signal === 'logs') {
    // Number and length, as the lines are too much for one answer.
    const parts =
      '| regexp "^(?P<number>[0-9]+) (?P<filler>x+)$" | line_format "{{.number}} {{len .filler}}"';
    const range = { fromMs: toMs - 600_000, toMs };
    const lines = await linesIn(loki.url, `{service_name="${service}"} ${parts}`, range);
    return new Set(lines.map(({ body }) => body).filter((body) => body.endsWith(` ${FILLER.length}`))).size;
  }
  if (signal === 'metrics') {
    const samples = await samplesOf(prometheus.url, `large{job="${service}"}`, { seconds: 600, toMs });
    return new Set(samples.map(({ value }) => value)).size;
  }
  let found = 0;
  for (let trace = 0; trace < TRACES; trace++)
    found += (await spansOfTrace(tempo.url, traceIdOf(service, trace), ITEMS / TRACES)).size;
  return found;
}

for (const signal of SIGNALS) {
  test(`a request of 40 MiB of ${signal} gets to its engine in pieces, and none is missing`, async () => {
    assert.deepEqual(await deliver(signal, 'large'), ALL_DELIVERED);
    assert.equal(await countFound(signal, 'large'), ITEMS);
  });
}

/** Of a counter that the engine itself shows, all label values added up. */
async function counted(url: string, name: string, label: string): Promise<number> {
  const { text: metrics } = await ask(`${url}/metrics`);
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

test('what Loki puts off because of its rate limit (429) is sent when it may be, and nothing is lost', async (t) => {
  const { loki } = bench.engines;
  await reconfigure(loki, 'ingestion_rate_mb: 64', 'ingestion_rate_mb: 4');
  await reconfigure(loki, 'ingestion_burst_size_mb: 512', 'ingestion_burst_size_mb: 14');
  assert.deepEqual(await deliver('logs', 'limited'), ALL_DELIVERED);
  assert.equal(await countFound('logs', 'limited'), ITEMS);
  const putOff = await counted(loki.url, 'loki_discarded_samples_total', 'reason="rate_limited"');
  assert.ok(putOff > 0, 'the limit was met');
  t.diagnostic(`${putOff} lines put off`);
});

// The older Tempo says 500 there, which may as well be about the payload.
if (HAS_TEMPO_3) {
  test('what Tempo puts off because of its rate limit (429) is sent when it may be, and nothing is lost', async (t) => {
    const { tempo } = bench.engines;
    await reconfigure(tempo, 'rate_limit_bytes: 100000000', 'rate_limit_bytes: 4000000');
    await reconfigure(tempo, 'burst_size_bytes: 500000000', 'burst_size_bytes: 14000000');
    assert.deepEqual(await deliver('traces', 'limited'), ALL_DELIVERED);
    assert.equal(await countFound('traces', 'limited'), ITEMS);
    const putOff = await counted(tempo.url, 'tempo_discarded_spans_total', 'reason="rate_limited"');
    assert.ok(putOff > 0, 'the limit was met');
    t.diagnostic(`${putOff} spans put off`);
  });
}
