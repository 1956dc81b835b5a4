import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { untilSettled } from '../support/accounting.ts';
import { readTraceIds, sendSpan, sendUntilGone } from '../support/send-spans.ts';
import { runSignalbox, type Signalbox, startSignalbox } from '../support/start-signalbox.ts';

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-process-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `use` with a program that is gone afterwards. */
async function withSignalbox<T>(
  env: Record<string, string>,
  use: (signalbox: Signalbox) => Promise<T>,
): Promise<T> {
  const signalbox = await startSignalbox({ dataDir, env });
  try {
    return await use(signalbox);
  } finally {
    await signalbox.kill();
  }
}

for (const [variable, words] of [
  ['SIGNALBOX_OTLP_HTTP_PORT', /OTLP\/HTTP: 127\.0\.0\.1:\d+ is taken .* otlp_http\.port/],
  ['SIGNALBOX_OTLP_GRPC_PORT', /OTLP\/gRPC: 127\.0\.0\.1:\d+ is taken .* otlp_grpc\.port/],
  ['SIGNALBOX_CONSOLE_PORT', /Cannot listen on 127\.0\.0\.1:\d+ for the console .* console\.port/],
] as const) {
  test(`${variable} taken: one message, exit 1, and the other port is free again`, async () => {
    const other = await freePort();
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const taken = String((blocker.address() as AddressInfo).port);
    const ports = { SIGNALBOX_OTLP_HTTP_PORT: other, SIGNALBOX_CONSOLE_PORT: other, [variable]: taken };
    const { code, stderr, stdout } = await runSignalbox({ dataDir, env: ports });
    blocker.close();
    assert.equal(code, 1);
    assert.match(stderr, words);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.ok(!stdout.includes('is up'), stdout);
    assert.ok(await refusesConnections(other));
  });
}

test('a data folder that cannot be written to: one message, exit 1, nothing listens', async () => {
  writeFileSync(join(folder, 'file'), '');
  for (const impossible of [join(folder, 'file/data'), '/proc/self/data']) {
    const { code, stderr, stdout } = await runSignalbox({ dataDir: impossible });
    assert.equal(code, 1);
    assert.match(stderr, /^Cannot write to the data folder .* SIGNALBOX_DATA_DIR\.\n$/);
    assert.equal(stdout, '');
  }
});

test('mistakes in the configuration are all shown, and nothing is made', async () => {
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, 'store:\n  max_age_day: 3\nself:\n  log:\n    level: loud\n');
  const env = { SIGNALBOX_NO_SUCH: 'x', SIGNALBOX_OTLP_HTTP_HOST: '0.0.0.0' };
  for (const args of [
    ['--config', file],
    ['--config', file, '--check-config'],
  ]) {
    const { code, stderr, stdout } = await runSignalbox({ dataDir, env, args });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^The configuration has 3 mistakes:\n/);
    for (const words of [
      'store.max_age_day: unknown key',
      'self.log.level: must be one of',
      'SIGNALBOX_NO_SUCH: ',
    ]) {
      assert.ok(stderr.includes(`  ${words}`), stderr);
    }
  }
  assert.ok(!existsSync(dataDir));
});

test('broken YAML: its line is told, exit 1', async () => {
  const file = join(folder, 'broken.yaml');
  writeFileSync(file, 'store:\n  max_age_days: 3\n token: "geheim"\n');
  const { code, stderr } = await runSignalbox({ dataDir, args: ['--config', file] });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^The configuration has .*mistake.*:\n {2}\S+broken\.yaml: .* at line \d, column \d\n/,
  );
  assert.ok(!stderr.includes('geheim'), stderr);
});

test('an address that other machines reach is refused unless that is allowed', async () => {
  const env = { SIGNALBOX_OTLP_HTTP_HOST: '0.0.0.0' };
  const { code, stderr } = await runSignalbox({ dataDir, env });
  assert.equal(code, 1);
  assert.match(stderr, /reached by other machines.*SIGNALBOX_OTLP_HTTP_ALLOW_UNAUTHENTICATED=true/);
  await withSignalbox(
    { ...env, SIGNALBOX_OTLP_HTTP_ALLOW_UNAUTHENTICATED: 'true' },
    async ({ otlpHttpUrl }) => {
      assert.notEqual(await sendSpan(`http://127.0.0.1:${new URL(otlpHttpUrl).port}`), null);
    },
  );
});

test('--help, --version, --check-config and wrong arguments end by themselves', async () => {
  const help = await runSignalbox({ dataDir, args: ['--help'] });
  assert.equal(help.code, 0);
  for (const word of ['--config FILE', '--check-config', '--demo', '--version'])
    assert.ok(help.stdout.includes(word));
  const version = await runSignalbox({ dataDir, args: ['--version'] });
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^signalbox \d+\.\d+\.\d+\n$/);
  const checked = await runSignalbox({ dataDir, args: ['--check-config'] });
  assert.equal(checked.code, 0);
  assert.match(checked.stdout, /^The configuration is right/);
  for (const args of [['--nonsense'], ['stray'], ['--config']]) {
    const wrong = await runSignalbox({ dataDir, args });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /--help\n$/);
    assert.equal(wrong.stdout, '');
  }
  assert.ok(!existsSync(dataDir));
});

for (const [name, end] of [
  ['SIGTERM', (signalbox: Signalbox) => signalbox.stop()],
  ['SIGKILL', (signalbox: Signalbox) => signalbox.kill()],
] as const) {
  test(`${name} under load: every request answered with 200 is there after the next start`, async () => {
    const load = await withSignalbox({}, async (signalbox) => {
      const sending = sendUntilGone(signalbox.otlpHttpUrl, 8);
      while (sending.accepted.size < 200) await pause(20);
      const exit = await end(signalbox);
      if (name === 'SIGTERM') assert.deepEqual(exit, { code: 0, signal: null });
      await sending.gone;
      return sending;
    });
    await withSignalbox({}, async (signalbox) => {
      await untilSettled(signalbox);
      const found = await readTraceIds(signalbox);
      const lost = [...load.accepted].filter((traceId) => !found.has(traceId));
      assert.deepEqual(lost, [], `${lost.length} of ${load.accepted.size} lost`);
    });
  });
}

test('SIGTERM also ends readers that would stay, and asking twice is harmless', async () => {
  await withSignalbox({}, async (signalbox) => {
    const tail = await signalbox.fetchApi('/api/v1/logs/tail');
    assert.equal(tail.status, 200);
    const idle = connect(Number(new URL(signalbox.otlpHttpUrl).port), '127.0.0.1');
    idle.on('error', () => {});
    await once(idle, 'connect');
    const exit = signalbox.stop();
    process.kill(signalbox.pid, 'SIGINT');
    assert.deepEqual(await exit, { code: 0, signal: null });
    await tail.text().catch(() => '');
    assert.equal(signalbox.stderr(), '');
  });
});

test('a second program on the same data folder is refused and does the first no harm', async () => {
  await withSignalbox({}, async (first) => {
    const traceId = await sendSpan(first.otlpHttpUrl);
    const { code, stderr, stdout } = await runSignalbox({ dataDir });
    assert.equal(code, 1);
    assert.ok(stderr.includes(dataDir), stderr);
    assert.doesNotMatch(stderr, /\n {4}at /);
    assert.ok(!stdout.includes('is up'));
    assert.notEqual(await sendSpan(first.otlpHttpUrl), null);
    await untilSettled(first);
    assert.equal((await first.fetchApi(`/api/v1/traces/${traceId}`)).status, 200);
    assert.ok(!readdirSync(join(dataDir, 'store')).some((name) => /damage/.test(name)));
  });
});

test('a restart keeps data and token', async () => {
  const before = await withSignalbox({}, async (signalbox) => {
    const traceId = await sendSpan(signalbox.otlpHttpUrl);
    await signalbox.stop();
    return { traceId, token: signalbox.token };
  });
  await withSignalbox({}, async (signalbox) => {
    assert.equal(signalbox.token, before.token);
    await untilSettled(signalbox);
    assert.equal((await signalbox.fetchApi(`/api/v1/traces/${before.traceId}`)).status, 200);
  });
});

test('a damaged file of the store costs neither the start nor what the journal still has', async () => {
  await withSignalbox({}, async (signalbox) => {
    await sendSpan(signalbox.otlpHttpUrl);
    await signalbox.stop();
  });
  const store = join(dataDir, 'store');
  const dayFiles = readdirSync(store).filter((name) => /\d{4}-\d{2}-\d{2}.*duckdb$/.test(name));
  assert.ok(dayFiles.length > 0, readdirSync(store).join(' '));
  for (const name of dayFiles) writeFileSync(join(store, name), 'this is no database'.repeat(1000));
  await withSignalbox({}, async (signalbox) => {
    assert.notEqual(await sendSpan(signalbox.otlpHttpUrl), null);
    await untilSettled(signalbox);
    assert.equal((await readTraceIds(signalbox)).size, 2);
    assert.match(signalbox.stdout(), /"level":"error","message":"a damaged file of the store was set aside"/);
  });
});

test('tokens stand in the banner only: in no other line of the output and no file but their own', async () => {
  const output = await withSignalbox(
    { SIGNALBOX_SELF_LOG_LEVEL: 'debug', SIGNALBOX_SELF_LOG_STDOUT: 'debug' },
    async (signalbox) => {
      await fetch(`${signalbox.consoleUrl}/?token=${signalbox.token}`, { redirect: 'manual' });
      await fetch(`${signalbox.consoleUrl}/${signalbox.token}`);
      await signalbox.fetchApi('/api/v1/status');
      await signalbox.fetchApi(`/api/v1/logs?q=${signalbox.token}`);
      await signalbox.stop();
      return signalbox.stdout() + signalbox.stderr();
    },
  );
  const tokens = ['operator-token', 'machine-token'].map((name) =>
    readFileSync(join(dataDir, 'secrets', name), 'utf8').trim(),
  );
  const lines = output.split('\n').filter((line) => tokens.some((token) => line.includes(token)));
  assert.deepEqual(
    lines.map((line) => line.trim().split(' ')[0]),
    ['Console'],
  );
  const logs = readdirSync(join(dataDir, 'logs')).map((name) =>
    readFileSync(join(dataDir, 'logs', name), 'utf8'),
  );
  assert.ok(logs.join('').includes('api request'));
  for (const token of tokens) assert.ok(!logs.join('').includes(token));
});

test('a token that was configured is not printed at all', async () => {
  const token = 'chosen-by-the-operator-1234';
  await withSignalbox({ SIGNALBOX_TOKEN: token }, async (signalbox) => {
    assert.equal((await signalbox.fetchApi('/api/v1/status')).status, 200);
    assert.ok(!signalbox.stdout().includes(token));
  });
});

test('it watches itself as service signalbox, and an idle one does not feed on itself', async () => {
  const env = {
    SIGNALBOX_SELF_TELEMETRY_METRICS_INTERVAL_SECONDS: '1',
    SIGNALBOX_SELF_TELEMETRY_TRACE_SAMPLE_RATIO: '1',
  };
  await withSignalbox(env, async (signalbox) => {
    await signalbox.fetchApi('/api/v1/services');
    await until(async () => (await ownSpans(signalbox)) > 0);
    await until(async () => (await ownMetrics(signalbox)) > 0);
    // What the questions above made is sent every 2 s.
    await pause(3000);
    const before = await counters(signalbox);
    await pause(3000);
    const after = await counters(signalbox);
    assert.ok(after.metrics > before.metrics, 'own metrics go on');
    assert.ok(after.traces - before.traces <= 2, `${after.traces - before.traces} spans while nobody asked`);
    assert.ok(after.logs - before.logs <= 5, `${after.logs - before.logs} log records while nobody asked`);
  });
});

async function ownSpans(signalbox: Signalbox): Promise<number> {
  const response = await signalbox.fetchApi('/api/v1/traces?service=signalbox');
  return ((await response.json()) as { traces: unknown[] }).traces.length;
}

async function ownMetrics(signalbox: Signalbox): Promise<number> {
  const response = await signalbox.fetchApi('/api/v1/metrics?service=signalbox');
  return ((await response.json()) as { metrics: unknown[] }).metrics.length;
}

/** Items accepted since the start, of apps and its own, by signal. */
async function counters(signalbox: Signalbox) {
  const text = await (await signalbox.fetchApi('/metrics')).text();
  const read = (word: string) =>
    [...text.matchAll(new RegExp(`^otelcol_receiver_accepted_${word}_total\\{[^}]*\\} (\\d+)`, 'gm'))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  return { traces: read('spans'), metrics: read('metric_points'), logs: read('log_records') };
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

function refusesConnections(port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(200);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
