import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { NOTIFICATION, webhookAlert } from '#api/api-answers.fixture.ts';
import type { AlertsResponse } from '#api/schemas/alerts.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';

let dataDir: string;
let signalbox: Signalbox;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-alerts-'));
  signalbox = await startSignalbox({ dataDir });
});
afterEach(async () => {
  await signalbox.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Posts as Alertmanager does: with the machine token, made at the first start. */
async function tell(payload: object): Promise<number> {
  const token = readFileSync(join(dataDir, 'secrets/machine-token'), 'utf8').trim();
  const response = await fetch(new URL('/api/v1/alerts/webhook', signalbox.consoleUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  await response.arrayBuffer();
  return response.status;
}

const list = async () => (await (await signalbox.fetchApi('/api/v1/alerts')).json()) as AlertsResponse;

test('an alert that was answered with 200 is there after a kill at that moment', async () => {
  for (let round = 1; round <= 3; round++) {
    const alerts = Array.from({ length: 20 }, (_, i) =>
      webhookAlert({ alertname: `Round${round}` }, `round${round}alert${i}`),
    );
    assert.deepEqual(
      await Promise.all(alerts.map((alert) => tell({ ...NOTIFICATION, alerts: [alert] }))),
      alerts.map(() => 200),
    );
    await signalbox.kill();
    signalbox = await startSignalbox({ dataDir });
    assert.equal((await list()).counts.firing, round * 20);
  }
});

test('what fires and what is over is the same after a stop, and the health of the book is told', async () => {
  assert.equal(await tell(NOTIFICATION), 200);
  const metrics = await (await signalbox.fetchApi('/metrics')).text();
  assert.ok(metrics.includes('\nsignalbox_alert_notices_total{outcome="taken"} 3\n'));
  const before = await list();
  assert.deepEqual(before.counts, { firing: 1, resolved: 1 });
  await signalbox.stop();
  signalbox = await startSignalbox({ dataDir });
  assert.deepEqual(await list(), before);
  const health = (await (await signalbox.fetchApi('/healthz')).json()) as {
    checks: Record<string, [{ status: string }]>;
  };
  assert.equal(health.checks['alerts:writes']?.[0].status, 'pass');
});
