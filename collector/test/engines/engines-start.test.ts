import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { ask, askJson, sendToEngine, spanRequest } from '../support/engine-stack/ask-engines.ts';
import { startEngines } from '../support/engine-stack/start-engine.ts';
import { until } from '../support/until.ts';

const engines = await startEngines({ scope: { after } });

test('all engines start with the repository’s files, in the versions of the stack', async () => {
  const { alertmanager, loki, prometheus, tempo } = engines;
  const prometheusInfo = await askJson<{ data: { version: string } }>(
    `${prometheus.url}/api/v1/status/buildinfo`,
  );
  assert.equal(prometheusInfo.data.version, '3.16.0');
  const lokiInfo = await askJson<{ version: string }>(`${loki.url}/loki/api/v1/status/buildinfo`);
  assert.equal(lokiInfo.version, '3.7.8');
  const { text: tempoMetrics } = await ask(`${tempo.url}/metrics`);
  const tempoVersion = process.env.SIGNALBOX_TEST_TEMPO ? '3.0.3' : '1.5.0';
  assert.ok(tempoMetrics.includes(`version="${tempoVersion}"`), 'version of Tempo');
  const status = await askJson<{ versionInfo: { version: string } }>(`${alertmanager.url}/api/v2/status`);
  assert.equal(status.versionInfo.version, '0.34.2');
});

test('Prometheus has the windows, receivers and features that are configured', async () => {
  const { url } = engines.prometheus;
  const { data } = await askJson<{ data: { yaml: string } }>(`${url}/api/v1/status/config`);
  const { otlp, storage } = parse(data.yaml);
  assert.equal(storage.tsdb.out_of_order_time_window, '1d1h');
  assert.equal(storage.tsdb.retention.time, '5w');
  assert.equal(storage.exemplars.max_exemplars, 200_000);
  assert.equal(otlp.keep_identifying_resource_attributes, true);
  const flags = await askJson<{ data: Record<string, string> }>(`${url}/api/v1/status/flags`);
  assert.equal(flags.data['web.enable-otlp-receiver'], 'true');
  assert.equal(flags.data['web.enable-admin-api'], 'false');
  const features = await askJson<{ data: { otlp_receiver: Record<string, boolean> } }>(
    `${url}/api/v1/features`,
  );
  assert.equal(features.data.otlp_receiver.delta_conversion, true);
});

test('Prometheus evaluates every rule, none fails, and Watchdog gets to Alertmanager', async () => {
  interface Rule {
    name: string;
    health: string;
    lastError?: string;
  }
  const rules = await until('all rules to be evaluated', async () => {
    const { data } = await askJson<{ data: { groups: { rules: Rule[] }[] } }>(
      `${engines.prometheus.url}/api/v1/rules`,
    );
    const found = data.groups.flatMap((group) => group.rules);
    return found.some(({ health }) => health === 'unknown') ? undefined : found;
  });
  assert.notEqual(rules.length, 0);
  for (const { health, lastError, name } of rules) assert.equal(health, 'ok', `${name}: ${lastError}`);
  const alerts = await until('Watchdog in Alertmanager', async () => {
    const all = await askJson<{ labels: Record<string, string>; receivers: { name: string }[] }[]>(
      `${engines.alertmanager.url}/api/v2/alerts`,
    );
    const watchdog = all.filter(({ labels }) => labels.alertname === 'Watchdog');
    return watchdog.length > 0 ? watchdog : undefined;
  });
  assert.deepEqual(
    alerts.flatMap(({ receivers }) => receivers.map(({ name }) => name)),
    ['watchdog'],
  );
});

test('Loki has the limits that are configured', async () => {
  const { status, text } = await ask(`${engines.loki.url}/config`);
  assert.equal(status, 200);
  const { compactor, limits_config: limits, pattern_ingester } = parse(text);
  assert.equal(limits.reject_old_samples_max_age, '1w');
  assert.equal(limits.retention_period, '31d');
  assert.equal(limits.max_line_size, '1MB');
  assert.equal(limits.max_structured_metadata_size, '256KB');
  assert.equal(limits.max_structured_metadata_entries_count, 512);
  assert.deepEqual(limits.otlp_config.resource_attributes.attributes_config, [
    {
      action: 'index_label',
      attributes: ['service.name', 'service.namespace', 'deployment.environment.name', 'signalbox.replay'],
    },
  ]);
  assert.equal(compactor.retention_enabled, true);
  assert.equal(pattern_ingester.enabled, true);
});

test('Tempo takes a span and gives it back', async () => {
  const traceId = randomBytes(16).toString('hex');
  const span = spanRequest('start', { traceId, unixMs: Date.now() });
  const sent = await sendToEngine('http://127.0.0.1:4318', 'traces', span);
  assert.equal(sent.status, 200, sent.text);
  await until('the trace', async () => {
    const { status } = await ask(`${engines.tempo.url}/api/traces/${traceId}`);
    return status === 200 ? true : undefined;
  });
});

test('each engine is killed and started again on its data, and stops when it is asked to', async () => {
  for (const engine of [engines.prometheus, engines.loki, engines.alertmanager]) {
    const { pid } = engine;
    assert.deepEqual(await engine.kill(), { code: null, signal: 'SIGKILL' });
    await engine.restart();
    assert.notEqual(engine.pid, pid);
    assert.deepEqual(await engine.stop(), { code: 0, signal: null }, engine.logTail());
  }
});
