import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORTS, prepareStack, ROOT, type Stack } from './stack.ts';

const SERVICES = ['alertmanager', 'collector', 'grafana', 'loki', 'prometheus', 'tempo'];
const HEALTHY_MS = 240_000;

let stack: Stack;

interface Container {
  Service: string;
  State: string;
  Health: string;
  ExitCode: number;
  Publishers: { URL: string; PublishedPort: number }[] | null;
}

before(async () => {
  stack = await prepareStack((line) => console.log(line));
  console.log(await stack.compose('up', '-d'));
});

after(() => stack?.remove());

async function containers(): Promise<Container[]> {
  const text = await stack.compose('ps', '--all', '--format', 'json');
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Container);
}

async function waitUntilHealthy(): Promise<Container[]> {
  for (let waitedMs = 0; ; waitedMs += 2000) {
    const found = await containers();
    const healthy = found.filter(({ Health }) => Health === 'healthy').map(({ Service }) => Service);
    if (SERVICES.every((service) => healthy.includes(service))) return found;
    if (waitedMs >= HEALTHY_MS) {
      console.log(await stack.compose('logs', '--tail', '40'));
      assert.fail(
        `not healthy: ${JSON.stringify(found.map(({ Health, Service, State }) => [Service, State, Health]))}`,
      );
    }
    await sleep(2000);
  }
}

const smoke = () => stack.compose('exec', '-T', 'collector', 'node', 'scripts/smoke.ts', '--wait', '120');

test('docker compose config has nothing to say, with every profile and with the engines published', async () => {
  const debug = ['-f', 'docker-compose.yml', '-f', 'docker-compose.debug.yml'];
  for (const files of [['-f', 'docker-compose.yml'], debug]) {
    const shown = await stack.docker(['compose', ...files, '--profile', '*', 'config', '--quiet'], {
      cwd: ROOT,
    });
    assert.equal(shown, '');
  }
});

test('docker compose up -d ends with every service healthy, and init done', async () => {
  const found = await waitUntilHealthy();
  const init = found.find(({ Service }) => Service === 'init');
  assert.deepEqual([init?.State, init?.ExitCode], ['exited', 0]);
});

test('only the collector and Grafana publish ports, on loopback', async () => {
  const published = (await containers()).flatMap(({ Publishers, Service }) =>
    (Publishers ?? [])
      .filter(({ PublishedPort }) => PublishedPort > 0)
      .map(({ PublishedPort, URL }) => `${Service} ${URL} ${PublishedPort}`),
  );
  assert.deepEqual(published.sort(), [
    `collector 127.0.0.1 ${PORTS.STACK_OTLP_GRPC_PORT}`,
    `collector 127.0.0.1 ${PORTS.STACK_OTLP_HTTP_PORT}`,
    `collector 127.0.0.1 ${PORTS.STACK_CONSOLE_PORT}`,
    `grafana 127.0.0.1 ${PORTS.STACK_GRAFANA_PORT}`,
  ]);
});

test('init tells addresses and first passwords once', async () => {
  const first = await stack.compose('logs', '--no-log-prefix', 'init');
  assert.match(first, /http:\/\/127\.0\.0\.1:28080\/login#token=[\w-]{20,}/);
  assert.match(first, /127\.0\.0\.1:23000/);
  const again = await stack.compose('run', '--rm', '--no-deps', 'init');
  assert.doesNotMatch(again, /token=[\w-]{20,}/);
});

test('smoke finds one of each signal in every engine and in the collector, and an alert all the way', async () => {
  const report = await smoke();
  console.log(report);
  assert.match(report, /^All \d+ found\.$/m);
});

test('from this machine: the printed token opens the API, which says where to send, and there it is taken', async () => {
  const log = await stack.compose('logs', '--no-log-prefix', 'init');
  const [, origin, token] = /(http:\S+)\/login#token=([\w-]+)/.exec(log)!;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${origin}/api/v1/status`, { headers });
  // Whether anything was received is asked by TraceQL too; after smoke the others know that without Tempo 1.5.0.
  assert.equal(response.status, 200);
  const { otlpHttpUrl } = (await response.json()) as { otlpHttpUrl: string };
  assert.equal(otlpHttpUrl, `http://127.0.0.1:${PORTS.STACK_OTLP_HTTP_PORT}`);
  const sent = await fetch(`${otlpHttpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(sent.status, 200);
});

test('no container runs as root, can gain privileges or write to its root', async () => {
  for (const service of SERVICES) {
    const id = (await stack.compose('ps', '--quiet', service)).trim();
    const [container] = JSON.parse(await stack.docker(['inspect', id])) as {
      Config: { User: string };
      HostConfig: { ReadonlyRootfs: boolean; CapAdd: unknown; SecurityOpt: string[]; Memory: number };
    }[];
    const { Config, HostConfig } = container!;
    assert.match(Config.User, /^[1-9]\d*(:\d+)?$/, service);
    assert.equal(HostConfig.ReadonlyRootfs, true, service);
    assert.equal(HostConfig.CapAdd, null, service);
    assert.ok(
      HostConfig.SecurityOpt.some((option) => option.startsWith('no-new-privileges')),
      service,
    );
    assert.ok(HostConfig.Memory > 0, service);
  }
});

for (const service of ['loki', 'collector'])
  test(`after ${service} was killed it is back by itself, and smoke finds everything again`, async () => {
    const id = (await stack.compose('ps', '--quiet', service)).trim();
    const pid = Number(await stack.docker(['inspect', '--format', '{{.State.Pid}}', id]));
    // As a crash would, not as `docker kill` does, after which nothing is restarted.
    process.kill(pid, 'SIGKILL');
    for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 500) {
      const now = await stack.docker(['inspect', '--format', '{{.State.Pid}} {{.RestartCount}}', id]);
      const [newPid, restarts] = now.trim().split(' ').map(Number);
      if (newPid !== pid && newPid !== 0 && restarts! > 0) break;
      await sleep(500);
    }
    await waitUntilHealthy();
    assert.match(await smoke(), /^All \d+ found\.$/m);
  });
