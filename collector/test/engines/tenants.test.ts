import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openKeyBook } from '#keys/key-book.ts';
import { NO_OWN_LIMITS } from '#keys/key-record.ts';
import { createEngineClient } from '#query/over-engines/engine-client.ts';
import { startEngine } from '../support/engine-stack/start-engine.ts';
import { startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

/** As an operator would have it who keeps tenants apart. */
function keepTenantsApart(text: string): string {
  return `${text.replace('auth_enabled: false', 'auth_enabled: true')}
querier:
  multi_tenant_queries_enabled: true
`;
}

test('a Loki that keeps tenants apart gets the lines of each key under its tenant, and several are asked together', async (t) => {
  const loki = await startEngine('loki', { scope: t, configPatch: keepTenantsApart });
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-tenants-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const book = openKeyBook(dataDir);
  const keyOf = async (tenant: string) => {
    const about = { name: tenant, tenant, expiresUnixMs: null, limits: NO_OWN_LIMITS, createdBy: 'test' };
    return (await book.create(about)).key;
  };
  const keys = { a: await keyOf('team-a'), b: await keyOf('team-b') };
  const signalbox = await startSignalbox({
    dataDir,
    env: {
      SIGNALBOX_EXPORTER_LOKI_ENDPOINT: `${loki.url}/otlp`,
      SIGNALBOX_EXPORTER_LOKI_SEND_TENANT: 'true',
      SIGNALBOX_EXPORTER_LOKI_DEFAULT_TENANT: 'everybody',
      SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false',
    },
  });
  t.after(() => signalbox.stop());
  const send = async (body: string, headers: Record<string, string>) => {
    const timeUnixNano = `${Date.now()}000000`;
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
    const logRecords = [{ timeUnixNano, body: { stringValue: body } }];
    const response = await fetch(`${signalbox.otlpHttpUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }),
    });
    assert.equal(response.status, 200, await response.text());
  };
  await send('of a', { 'x-api-key': keys.a });
  await send('of b', { authorization: `Bearer ${keys.b}` });
  await send('of nobody', {});

  const linesOf = async (...tenants: string[]) => {
    const client = createEngineClient({ name: 'Loki', url: loki.url, timeoutMs: 10_000, tenants }, { fetch });
    const params = { query: '{service_name="shop"}', limit: 10 };
    const { data } = await client.askJson<{ data: { result: { values: [string, string][] }[] } }>(
      { path: '/loki/api/v1/query_range', params },
      AbortSignal.timeout(20_000),
    );
    return data.result.flatMap(({ values }) => values.map(([, line]) => line)).sort();
  };
  const all = ['everybody', 'team-a', 'team-b'];
  await until('all three lines', async () => ((await linesOf(...all)).length === 3 ? true : undefined));
  assert.deepEqual(await linesOf(...all), ['of a', 'of b', 'of nobody']);
  assert.deepEqual(await linesOf('team-a'), ['of a']);
  assert.deepEqual(await linesOf('team-b'), ['of b']);
  assert.deepEqual(await linesOf('everybody'), ['of nobody']);
});
