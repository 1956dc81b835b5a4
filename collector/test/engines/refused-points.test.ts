import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Plain } from '#otlp/testing/reference.ts';
import { openBoxes } from '../../../scripts/letter-boxes.ts';
import { sumsOf, untilSettled } from '../support/accounting.ts';
import { sendToEngine } from '../support/engine-stack/ask-engines.ts';
import { startEngine } from '../support/engine-stack/start-engine.ts';
import { startSignalbox } from '../support/start-signalbox.ts';
import { samplesOf } from './ask-prometheus.ts';

const timeUnixNano = `${Date.now()}000000`;
const cumulative = { aggregationTemporality: 2 };
const attribute = (key: string) => ({ attributes: [{ key, value: { stringValue: 'x' } }] });
const gauge = (name: string, more: Plain = {}): Plain => ({
  name,
  gauge: { dataPoints: [{ timeUnixNano, asInt: '1', ...more }] },
});

/** One point each that Prometheus has no form for, by what it says of it. */
const REFUSED: [says: RegExp, metric: Plain][] = [
  [/normalization for metric "温度" resulted in empty name/, gauge('温度')],
  [/label name is empty/, gauge('empty.label', attribute(''))],
  [
    /invalid temporality and type combination for metric "unspecified"/,
    { name: 'unspecified', sum: { dataPoints: [{ timeUnixNano, asInt: '1' }] } },
  ],
  [
    /cannot convert exponential to native histogram/,
    {
      name: 'coarse',
      exponentialHistogram: {
        ...cumulative,
        dataPoints: [{ timeUnixNano, count: '3', scale: -12, zeroCount: '3' }],
      },
    },
  ],
  [
    /histogram's observation count/,
    {
      name: 'miscounted',
      exponentialHistogram: {
        ...cumulative,
        dataPoints: [
          { timeUnixNano, count: '1', scale: 0, sum: 3, positive: { offset: 0, bucketCounts: ['3'] } },
        ],
      },
    },
  ],
];

test('points that Prometheus has no form for become dead letters at once, and their neighbours arrive', async (t) => {
  const prometheus = await startEngine('prometheus', { scope: t });
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-refused-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const signalbox = await startSignalbox({
    dataDir,
    env: {
      SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false',
      SIGNALBOX_EXPORTER_PROMETHEUS_ENDPOINT: `${prometheus.url}/api/v1/otlp`,
    },
  });
  t.after(() => signalbox.kill());
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'refused' } }] };
  const metrics = REFUSED.flatMap(([, metric], index) => [gauge(`good.${index}`), metric]);
  const request = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
  const { status, text } = await sendToEngine(signalbox.otlpHttpUrl, 'metrics', request);
  assert.deepEqual({ status, text }, { status: 200, text: '' });

  const { deadLettered, delivered } = sumsOf(await untilSettled(signalbox, 20_000), 'prometheus');
  assert.deepEqual({ deadLettered, delivered }, { deadLettered: REFUSED.length, delivered: REFUSED.length });
  const boxes = await openBoxes(dataDir, { destination: 'prometheus' });
  const reasons = boxes.flatMap(({ letters }) => letters.map(({ reason }) => reason));
  for (const [says] of REFUSED)
    assert.equal(
      reasons.filter((reason) => says.test(reason)).length,
      1,
      `${says} among ${reasons.join('; ')}`,
    );
  const range = { seconds: 600, toMs: Date.now() + 60_000 };
  const found = await samplesOf(prometheus.url, '{job="refused", __name__=~"good_.*"}', range);
  assert.equal(new Set(found.map(({ series }) => series)).size, REFUSED.length);
});
