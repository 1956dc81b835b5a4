import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { readExact } from '../support/read-exact.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';
import { preparePython } from './python-environment.ts';

/** JSON as `readExact` gives it: integers are bigints. */
// biome-ignore lint/suspicious/noExplicitAny: what a script and an API say is compared as a whole, not typed twice
type Json = any;

const run = promisify(execFile);
const script = join(import.meta.dirname, 'python/send.py');

let dataDir: string;
let signalbox: Signalbox;
let python: string;

before(async () => {
  python = await preparePython();
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-python-'));
  signalbox = await startSignalbox({ dataDir });
});

after(async () => {
  await signalbox?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function ask(path: string): Promise<Json | undefined> {
  const response = await signalbox.fetchApi(path);
  const text = await response.text();
  if (response.status === 404) return undefined;
  assert.equal(response.status, 200, text);
  return readExact(text);
}

const byTime = (a: Json, b: Json) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano));
const valuesOf = (series: Json): Json[] =>
  series.points.map(([, value]: Json) => value).filter((value: Json) => value !== null);

/** The span as the API tells it, in the words of the script. */
function retell(span: Json, trace: Json): Json {
  const { name, version, schemaUrl, attributes } = trace.scopes[Number(span.scope)];
  return {
    traceId: trace.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    statusCode: span.statusCode,
    statusMessage: span.statusMessage,
    traceState: span.traceState,
    attributes: span.attributes,
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events,
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(({ flags: _, ...link }: Json) => link),
    droppedLinksCount: span.droppedLinksCount,
    scope: { name, version, schemaUrl, attributes },
    resource: trace.resources[Number(span.resource)].attributes,
  };
}

function checkMetric(told: Json, found: Json): void {
  const { name, type, monotonic, unit, description, temporality, stat } = told;
  const identity = {
    name: found.name,
    type: found.type,
    monotonic: found.monotonic,
    unit: found.unit,
    description: found.description,
    temporality: found.temporality,
    stat: found.stat,
  };
  assert.deepEqual(identity, { name, type, monotonic, unit, description, temporality, stat });
  assert.equal(found.seriesTotal, told.series);
  const [series] = found.series.filter((one: Json) => one.attributes.shop === 'berlin');
  assert.deepEqual(series.attributes, told.attributes);
  assert.deepEqual(valuesOf(series).map(Number), [told.value]);
  const exemplars = found.exemplars.map((one: Json) => ({ ...one, value: Number(one.value) }));
  assert.deepEqual(exemplars.sort(byTime), told.exemplars.sort(byTime));
  assert.ok(exemplars.length > 0, 'the SDK made exemplars');
}

for (const compression of ['none', 'gzip']) {
  suite(`the Python SDK over http/protobuf, compression ${compression}`, () => {
    const service = `python-${compression}`;
    let sent: Json;

    before(async () => {
      const { stdout } = await run(python, [script, signalbox.otlpHttpUrl, compression, service], {
        timeout: 60_000,
      });
      sent = readExact(stdout);
    });

    test('every span is found with its ids, attributes, events, links, exact integers and what was cut', async () => {
      const traceIds = new Set<string>(sent.spans.map((span: Json) => span.traceId));
      assert.equal(traceIds.size, 3);
      assert.equal(sent.spans.length, 8);
      for (const traceId of traceIds) {
        const wanted = sent.spans.filter((span: Json) => span.traceId === traceId);
        const trace = await until(`trace ${traceId}`, async () => {
          const answer = await ask(`/api/v1/traces/${traceId}`);
          return answer?.spans.some((span: Json) => span.spanId === wanted[0].spanId) ? answer : undefined;
        });
        for (const span of wanted) {
          const found = trace.spans.find((one: Json) => one.spanId === span.spanId);
          assert.deepEqual(retell(found, trace), span);
        }
      }
    });

    test('a span can be found by an attribute, its exact integer included', async () => {
      const query = new URLSearchParams({ service, 'attr.int.max': '9223372036854775807' });
      const { traces } = await ask(`/api/v1/traces?${query}`);
      assert.deepEqual(
        traces.map((trace: Json) => trace.traceId),
        [sent.inside.traceId],
      );
      const neighbour = new URLSearchParams({ service, 'attr.int.max': '9223372036854775806' });
      assert.deepEqual((await ask(`/api/v1/traces?${neighbour}`)).traces, []);
    });

    test('counters, gauges, histograms and exponential histograms are found with values and exemplars', async () => {
      assert.equal(sent.metrics.length, 5);
      for (const metric of sent.metrics) {
        const query = new URLSearchParams({ service, stat: metric.stat });
        const found = await until(`metric ${metric.name}`, () =>
          ask(`/api/v1/metrics/${metric.name}?${query}`),
        );
        checkMetric(metric, found);
      }
    });

    test('log records are found with bodies of every kind, severity, times, trace and span', async () => {
      const logs = await until('three log records', async () => {
        const answer = await ask(`/api/v1/logs?service=${service}`);
        return answer.logs.length >= 3 ? answer.logs : undefined;
      });
      const found = logs.sort(byTime).map(({ scope, ...log }: Json) => ({
        timeUnixNano: log.timeUnixNano,
        observedTimeUnixNano: log.observedTimeUnixNano,
        severityNumber: log.severityNumber,
        severityText: log.severityText,
        body: log.body,
        eventName: log.eventName,
        traceId: log.traceId,
        spanId: log.spanId,
        flags: log.flags,
        attributes: log.attributes,
        scope: { name: scope.name, version: scope.version, schemaUrl: scope.schemaUrl },
      }));
      assert.deepEqual(found, sent.logs);
    });

    test('the trace brings the log records that were written in it', async () => {
      const trace = await ask(`/api/v1/traces/${sent.inside.traceId}`);
      assert.equal(trace.logsTotal, 2n);
      assert.deepEqual(
        trace.logs.map((log: Json) => log.spanId),
        [sent.inside.spanId, sent.inside.spanId],
      );
    });
  });
}
