import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#core/clock.ts';
import { createMetrics } from './metrics.ts';
import { startMetricsExporter } from './metrics-exporter.ts';
import { startFakeReceiver } from './self-receiver.fixture.ts';
import { selfResource } from './self-target.ts';

async function exportOnce(receiverUrl: string) {
  const metrics = createMetrics('main');
  metrics.countLogRecord('error');
  let failures = 0;
  const exporter = startMetricsExporter(60_000, {
    target: { receiverUrl, selfToken: 'own', resource: selfResource({ version: '1', instanceId: 'i' }) },
    clock: systemClock,
    startUnixNano: systemClock(),
    read: () => metrics.toJson(),
    onFailedExport: () => failures++,
  });
  await exporter.stop();
  metrics.stop();
  return failures;
}

test('stopping sends the last metrics to the own receiver, marked as own', async () => {
  const receiver = await startFakeReceiver();
  const failures = await exportOnce(receiver.url);
  await receiver.stop();
  assert.equal(failures, 0);
  const [{ path, headers, body } = assert.fail('nothing came')] = receiver.received;
  assert.equal(path, '/v1/metrics');
  assert.equal(headers['x-signalbox-self'], 'own');
  const names = body.resourceMetrics[0].scopeMetrics[0].metrics.map(
    (metric: { name: string }) => metric.name,
  );
  assert.ok(names.includes('signalbox_log_records'));
  assert.ok(names.includes('process_resident_memory_bytes'));
});

test('a receiver that is gone or refuses counts as one failure and throws nothing', async () => {
  const refusing = await startFakeReceiver(503);
  assert.equal(await exportOnce(refusing.url), 1);
  await refusing.stop();
  assert.equal(await exportOnce(refusing.url), 1);
});
