import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readAccounting } from '../support/accounting.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';

const POINTS = 3;
const deltaOf = (service: string) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'orders',
              sum: { dataPoints: Array(POINTS).fill({ asInt: '1' }), aggregationTemporality: 1 },
            },
          ],
        },
      ],
    },
  ],
});

async function start(context: TestContext, env: Record<string, string>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-delta-'));
  const signalbox = await startSignalbox({
    dataDir,
    env: { SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false', ...env },
  });
  context.after(async () => {
    await signalbox.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return { dataDir, signalbox };
}

async function sendDelta(
  { otlpHttpUrl }: Signalbox,
  service = 'shop',
): Promise<{ partialSuccess?: { errorMessage: string } }> {
  const response = await fetch(`${otlpHttpUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(deltaOf(service)),
  });
  assert.equal(response.status, 200);
  return (await response.json()) as { partialSuccess?: { errorMessage: string } };
}

async function countedPoints(signalbox: Signalbox): Promise<string | undefined> {
  const text = await (await signalbox.fetchApi('/metrics')).text();
  return /^signalbox_receiver_delta_points_total\{receiver="otlp_http"\} (\d+)$/m.exec(text)?.[1];
}

async function logOf(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'logs');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

test('with Prometheus as a destination delta temporality is told to the sender, in the log, as a metric and by the API', async (context) => {
  const sink = await startOtlpSink();
  context.after(() => sink.close());
  const { dataDir, signalbox } = await start(context, { SIGNALBOX_EXPORTER_PROMETHEUS_ENDPOINT: sink.url });
  assert.match((await sendDelta(signalbox)).partialSuccess?.errorMessage ?? '', /PREFERENCE=cumulative/);
  assert.deepEqual(await sendDelta(signalbox), {});
  const { warnings } = await readAccounting(signalbox);
  assert.partialDeepStrictEqual(warnings, [
    { code: 'delta_temporality', points: 2 * POINTS, services: ['shop'] },
  ]);
  assert.equal(await countedPoints(signalbox), String(2 * POINTS));
  await signalbox.stop();
  const lines = (await logOf(dataDir))
    .split('\n')
    .filter((line) => line.includes('delta temporality were received'));
  assert.equal(lines.length, 1);
  assert.partialDeepStrictEqual(JSON.parse(lines[0]!), { level: 'warn', service: 'shop', points: POINTS });
});

test('without Prometheus it is no trouble: counted, and nothing else', async (context) => {
  const { signalbox } = await start(context, {});
  assert.deepEqual(await sendDelta(signalbox), {});
  assert.deepEqual((await readAccounting(signalbox)).warnings, []);
  assert.equal(await countedPoints(signalbox), String(POINTS));
});

test('a name that holds an address stands in no warning and no line as it was sent', async (context) => {
  const sink = await startOtlpSink();
  context.after(() => sink.close());
  const { dataDir, signalbox } = await start(context, { SIGNALBOX_EXPORTER_PROMETHEUS_ENDPOINT: sink.url });
  await sendDelta(signalbox, 'svc-zed@example.org');
  const [warning] = (await readAccounting(signalbox)).warnings;
  assert.partialDeepStrictEqual(warning, { code: 'delta_temporality', services: ['[redacted:email]'] });
  await signalbox.stop();
  const log = await logOf(dataDir);
  assert.match(log, /delta temporality were received/);
  assert.doesNotMatch(log, /zed@example/);
});
