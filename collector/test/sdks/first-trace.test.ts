import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { MetricsResponse } from '#api/schemas/metrics.ts';
import { createApiReader } from '../support/api-reader.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';
import { preparePython } from './python-environment.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../../../examples/first-trace');
const nodeSdk = ['--require', '@opentelemetry/auto-instrumentations-node/register', 'node.cjs'];

let dataDir: string;
let signalbox: Signalbox;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-first-trace-'));
  signalbox = await startSignalbox({ dataDir });
});

after(async () => {
  await signalbox?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Example {
  command: string;
  args: string[];
  service: string;
  env?: Record<string, string>;
}

/** Runs an example as its first lines say and returns the kinds of the spans in its trace. */
async function kindsOfTrace({ command, args, service, env = {} }: Example): Promise<string[]> {
  const api = createApiReader(signalbox);
  await run(command, args, {
    cwd: folder,
    timeout: 60_000,
    env: {
      PATH: process.env.PATH,
      OTEL_SERVICE_NAME: service,
      OTEL_EXPORTER_OTLP_ENDPOINT: signalbox.otlpHttpUrl,
      ...env,
    },
  }).catch((error: { signal?: string }) => {
    // The Node example ends itself by SIGTERM.
    if (error.signal !== 'SIGTERM') throw error;
  });
  return until(`a trace of ${service}`, async () => {
    const [found] = await api.traces({ service, operation: 'greet', 'attr.greeting.language': 'en' });
    const trace = found && (await api.trace(found.traceId));
    return trace?.spans.map(({ kind }) => kind).sort();
  });
}

test('the curl example is a trace', async () => {
  const args = ['curl.sh', signalbox.otlpHttpUrl];
  assert.deepEqual(await kindsOfTrace({ command: 'sh', args, service: 'first-curl' }), ['SERVER']);
});

test('the Python example is a trace', async () => {
  const command = await preparePython();
  assert.deepEqual(await kindsOfTrace({ command, args: ['app.py'], service: 'first-python' }), ['INTERNAL']);
});

for (const protocol of ['http/protobuf', 'http/json']) {
  for (const compression of ['none', 'gzip']) {
    test(`the Node example is a trace and metrics over ${protocol}, compression ${compression}`, async () => {
      const service = `node ${protocol} ${compression}`;
      const env = {
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_NODE_RESOURCE_DETECTORS: 'env,host',
      };
      const kinds = await kindsOfTrace({ command: process.execPath, args: nodeSdk, service, env });
      assert.deepEqual(kinds, ['CLIENT', 'INTERNAL', 'SERVER']);
      await until('the metric of its requests', async () => {
        const answer = await signalbox.fetchApi(`/api/v1/metrics?${new URLSearchParams({ service })}`);
        const { metrics } = (await answer.json()) as MetricsResponse;
        return metrics.find(({ name }) => name === 'http.server.request.duration');
      });
    });
  }
}
