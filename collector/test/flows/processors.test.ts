import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ProcessorsResponse } from '#api/schemas/processors.ts';
import { readAccounting, untilSettled } from '../support/accounting.ts';
import { createApiReader } from '../support/api-reader.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

type Json = Record<string, unknown>;

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const resourceOf = (service: string) => ({ attributes: [attribute('service.name', service)] });
const hex = (bytes: number, number: number) => number.toString(16).padStart(bytes * 2, '5');

async function start(context: TestContext, yaml: string): Promise<Signalbox> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-processors-'));
  const file = join(dataDir, 'signalbox.yaml');
  await writeFile(file, yaml);
  const env = { SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' };
  const signalbox = await startSignalbox({ dataDir, args: ['--config', file], env });
  context.after(async () => {
    await signalbox.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return signalbox;
}

async function send(signalbox: Signalbox, signal: string, request: Json): Promise<Json> {
  const response = await fetch(`${signalbox.otlpHttpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as Json;
}

const nowNano = () => String(BigInt(Date.now()) * 1_000_000n);

function span(number: number, fields: Json = {}): Json {
  const at = nowNano();
  return {
    traceId: hex(16, number),
    spanId: hex(8, number),
    name: 'GET /things',
    kind: 2,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    ...fields,
  };
}

const spansOf = (service: string, spans: Json[]) => ({
  resourceSpans: [{ resource: resourceOf(service), scopeSpans: [{ spans }] }],
});

async function countsOf(signalbox: Signalbox): Promise<Record<string, number>> {
  const response = await signalbox.fetchApi('/api/v1/processors');
  const { counts } = (await response.json()) as ProcessorsResponse;
  return Object.fromEntries(
    counts.map(({ action, count, processor, rule, service }) => [
      `${processor} ${rule} ${action} ${service}`,
      count,
    ]),
  );
}

test('limits cut, tell the sender, and are counted; what was accepted is there', async (context) => {
  const signalbox = await start(context, 'limit:\n  max_attributes: 3\n  max_value_bytes: 256\n');
  const attributes = [
    attribute('long', 'x'.repeat(1000)),
    ...['a', 'b', 'c'].map((key) => attribute(key, key)),
  ];
  const answer = await send(
    signalbox,
    'traces',
    spansOf('limited', [span(1, { attributes, startTimeUnixNano: '1700000000' })]),
  );
  const { errorMessage, rejectedSpans } = answer.partialSuccess as Json;
  assert.equal(rejectedSpans ?? 0, 0);
  assert.match(
    String(errorMessage),
    /^limits applied: 1 value cut to 256 bytes, 1 attribute dropped .*1 time far off/,
  );
  await untilSettled(signalbox);
  const trace = await createApiReader(signalbox).trace(hex(16, 1));
  assert.match(JSON.stringify(trace), /x…\[cut: 1000 bytes\]/);
  assert.match(JSON.stringify(trace), /"signalbox.original_time_unix_nano":"1700000000"/);
  assert.deepEqual(await countsOf(signalbox), {
    'limit value_length cut limited': 1,
    'limit attributes cut limited': 1,
    'limit time clamped limited': 1,
  });
});

test('what is in the name of a service is told by no count', async (context) => {
  const yaml = 'sample:\n  drop:\n    - { name: all-of-it, service: "*" }\nlimit:\n  max_value_bytes: 256\n';
  const signalbox = await start(context, yaml);
  for (const service of ['anna paid 4111111111111111', 'svc-zed@example.org', 'shop']) {
    const body = { stringValue: `mail to me@example.org ${'x'.repeat(300)}` };
    const scopeLogs = [{ logRecords: [{ body, timeUnixNano: nowNano() }] }];
    await send(signalbox, 'logs', { resourceLogs: [{ resource: resourceOf(service), scopeLogs }] });
  }
  const counts = await countsOf(signalbox);
  for (const service of ['anna paid [redacted:card]', '[redacted:email]', 'shop']) {
    for (const done of ['redact email redacted', 'limit value_length cut', 'sample drop:all-of-it dropped'])
      assert.ok((counts[`${done} ${service}`] ?? 0) > 0, `${done} ${service}`);
  }
  const line = /signalbox_processor_actions_total\{.*service="\[redacted:email\]"/;
  const metrics = await until('the counts in the metrics', async () => {
    const text = await (await signalbox.fetchApi('/metrics')).text();
    return line.test(text) ? text : undefined;
  });
  for (const told of [metrics, JSON.stringify(counts)]) assert.doesNotMatch(told, /zed@|41111/);
});

test('health checks are dropped before the journal, and the account says so', async (context) => {
  const signalbox = await start(context, 'sample:\n  drop_health_checks: true\n');
  const route = (path: string) => ({ attributes: [attribute('http.route', path)] });
  await send(
    signalbox,
    'traces',
    spansOf('shop', [span(1, route('/healthz')), span(2, route('/orders')), span(3, route('/livez'))]),
  );
  await untilSettled(signalbox);
  const accounting = await readAccounting(signalbox);
  assert.equal(accounting.journals.find(({ signal }) => signal === 'traces')?.accepted, 1);
  assert.equal(
    accounting.processors.reduce((sum, { items }) => sum + items, 0),
    2,
  );
  assert.equal(await createApiReader(signalbox).trace(hex(16, 1)), undefined);
  assert.ok(await createApiReader(signalbox).trace(hex(16, 2)));
});

test('at 10 % the store still says how many requests there were; errors are all there', async (context) => {
  const yaml = 'sample:\n  traces:\n    ratio: 0.1\n';
  const signalbox = await start(context, yaml);
  const total = 4000;
  const errors = 40;
  for (let from = 0; from < total; from += 500) {
    const spans = Array.from({ length: 500 }, (_, i) => {
      const id = BigInt.asUintN(64, BigInt(from + i + 1) * 0x9e3779b97f4a7c15n)
        .toString(16)
        .padStart(16, '0');
      const failed = (from + i) % (total / errors) === 0;
      return span(from + i, { traceId: `5${id.slice(1)}${id}`, status: failed ? { code: 2 } : {} });
    });
    await send(signalbox, 'traces', spansOf('busy', spans));
  }
  await untilSettled(signalbox);
  const accounting = await readAccounting(signalbox);
  const kept = accounting.journals.find(({ signal }) => signal === 'traces')!.accepted;
  const service = (await createApiReader(signalbox).services()).find(({ service: name }) => name === 'busy')!;
  context.diagnostic(`kept ${kept} of ${total}; the store says ${service.requests} requests`);
  // Five standard errors of a count with 10 %.
  const margin = 5 * Math.sqrt((total - errors) * 0.1 * 0.9);
  assert.ok(Math.abs(kept - errors - (total - errors) * 0.1) < margin);
  assert.ok(Math.abs(service.requests - total) < margin * 10);
  assert.equal(service.errors, errors);
});

test('every resource gets what it lacks, and keeps what it has', async (context) => {
  const signalbox = await start(
    context,
    'enrich:\n  attributes: ["deployment.environment.name=staging", "team=payments"]\n',
  );
  const own = { attributes: [attribute('team', 'own')] };
  const logRecords = [{ timeUnixNano: nowNano(), body: { stringValue: 'hello' } }];
  await send(signalbox, 'logs', { resourceLogs: [{ resource: own, scopeLogs: [{ logRecords }] }] });
  await untilSettled(signalbox);
  const [log] = await createApiReader(signalbox).logs({ q: 'hello' });
  assert.equal(log!.service, 'unknown_service');
  const resource = JSON.stringify(log);
  assert.match(resource, /"deployment.environment.name":"staging"/);
  assert.match(resource, /"team":"own"/);
  assert.doesNotMatch(resource, /payments/);
});
