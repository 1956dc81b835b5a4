import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComposeFile, Service } from './compose-file.ts';
import { findComposeMistakes } from './find-mistakes.ts';
import { SERVICE_RULES, STRICT_RULES } from './service-rules.ts';

const facts = { version: '0.1.0', exists: (path: string) => path === 'loki/loki.yaml' };
const bound = (port: string) => `\${STACK_BIND_ADDRESS:-127.0.0.1}:${port}`;

const loki: Service = {
  image: 'grafana/loki:3.7.8',
  user: '10001:10001',
  command: ['-config.file=/etc/loki/loki.yaml'],
  restart: 'unless-stopped',
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  stop_grace_period: '60s',
  depends_on: { init: { condition: 'service_completed_successfully' } },
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
  healthcheck: {
    test: ['CMD', '/usr/bin/loki', '-health'],
    interval: 1,
    timeout: 1,
    retries: 1,
    start_period: 1,
  },
  environment: { GOMEMLIMIT: '680MiB' },
  volumes: ['./loki/loki.yaml:/etc/loki/loki.yaml:ro', 'loki-data:/loki'],
  networks: ['internal'],
  deploy: { resources: { limits: { memory: '768M' } } },
};
const collector: Service = {
  ...loki,
  image: 'signalbox/collector:0.1.0',
  pull_policy: 'never',
  build: '.',
  environment: { SIGNALBOX_TOKEN_FILE: '/run/signalbox/operator-token' },
  volumes: ['collector-secrets:/run/signalbox:ro'],
  networks: ['edge', 'internal'],
  ports: [bound('4318:4318')],
};
const init: Service = {
  ...collector,
  depends_on: {},
  user: '0:0',
  restart: 'no',
  network_mode: 'none',
  networks: [],
  ports: [],
  volumes: ['loki-data:/stack/loki-data', 'collector-secrets:/stack/collector-secrets'],
  'x-signalbox-excused': {
    user: 'root gives the volumes away',
    restart: 'it does its work once',
    networks: 'it needs none at all',
  },
};
const good: ComposeFile = {
  services: { init, collector, loki },
  networks: { edge: null, internal: { internal: true } },
  volumes: { 'loki-data': null, 'collector-secrets': null },
};

const withService = (name: 'init' | 'collector' | 'loki', change: object): ComposeFile => ({
  ...good,
  services: { ...good.services, [name]: { ...good.services[name], ...change } },
});

/** For each rule what breaks it, and nothing else. */
const PLANTED: Record<string, [name: 'init' | 'collector' | 'loki', change: object][]> = {
  user: [
    ['loki', { user: undefined }],
    ['loki', { user: '0:0' }],
    ['loki', { user: 'root' }],
    ['collector', { user: '1000' }],
  ],
  capabilities: [
    ['loki', { cap_drop: undefined }],
    ['loki', { cap_drop: ['NET_RAW'] }],
    ['loki', { cap_add: ['SYS_ADMIN'] }],
    ['loki', { privileged: true }],
  ],
  restart: [
    ['loki', { restart: undefined }],
    ['loki', { restart: 'no' }],
  ],
  healthcheck: [
    ['loki', { healthcheck: undefined }],
    ['loki', { healthcheck: { ...loki.healthcheck, test: ['NONE'] } }],
    ['loki', { healthcheck: { ...loki.healthcheck, test: 'true' } }],
    ['loki', { healthcheck: { ...loki.healthcheck, disable: true } }],
    ['loki', { healthcheck: { test: loki.healthcheck!.test, interval: 1, timeout: 1, retries: 1 } }],
  ],
  networks: [
    ['loki', { networks: ['edge', 'internal'] }],
    ['loki', { networks: undefined }],
    ['loki', { network_mode: 'host' }],
    ['collector', { networks: ['edge'] }],
  ],
  published: [
    ['collector', { ports: ['4318:4318'] }],
    ['collector', { ports: ['0.0.0.0:4318:4318'] }],
    ['collector', { ports: [bound('4318:4318'), '127.0.0.1:8080:8080'] }],
    ['collector', { ports: [4318] }],
  ],
  go_memory: [
    ['loki', { environment: {} }],
    ['loki', { environment: { GOMEMLIMIT: '768MiB' } }],
    ['loki', { environment: { GOMEMLIMIT: '400MiB' } }],
  ],
  pinned: [
    ['loki', { image: 'grafana/loki' }],
    ['loki', { image: 'grafana/loki:latest' }],
    ['loki', { image: 'grafana/loki:3' }],
    ['loki', { image: 'grafana/loki:3.7' }],
    ['loki', { image: `grafana/loki:\${LOKI_VERSION:-3.7.8}` }],
    ['loki', { image: undefined }],
  ],
  own_image: [
    ['collector', { image: 'signalbox/collector:0.0.9' }],
    ['collector', { pull_policy: undefined }],
    ['collector', { build: undefined }],
  ],
  memory: [
    ['collector', { deploy: undefined }],
    ['collector', { deploy: { resources: { limits: { memory: '1g' } } } }],
    ['loki', { deploy: { resources: { limits: { memory: '768M', cpus: '1.5' } } } }],
    ['loki', { cpus: 2 }],
  ],
  grace: [
    ['loki', { stop_grace_period: undefined }],
    ['loki', { stop_grace_period: '10s' }],
    ['collector', { stop_grace_period: '20s' }],
  ],
  logging: [
    ['loki', { logging: undefined }],
    ['loki', { logging: { driver: 'json-file', options: { 'max-size': '10m' } } }],
    ['loki', { logging: { driver: 'json-file', options: { 'max-file': '3' } } }],
    ['loki', { logging: { driver: 'syslog' } }],
  ],
  read_only: [
    ['loki', { read_only: undefined }],
    ['loki', { read_only: false }],
  ],
  privileges: [['loki', { security_opt: ['seccomp:unconfined'] }]],
  engines: [['loki', { ports: [bound('3100:3100')] }]],
  secrets: [
    ['collector', { environment: { SIGNALBOX_TOKEN: 'abc' } }],
    ['collector', { environment: { GF_SECURITY_ADMIN_PASSWORD: `\${PASSWORD}` } }],
    ['collector', { environment: { OPENAI_API_KEY: '' } }],
  ],
  mounts: [
    ['loki', { volumes: ['./loki/gone.yaml:/etc/loki/loki.yaml:ro', 'loki-data:/loki'] }],
    ['loki', { volumes: ['./loki/loki.yaml:/etc/loki/loki.yaml', 'loki-data:/loki'] }],
    ['loki', { volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro', 'loki-data:/loki'] }],
    ['collector', { volumes: ['collector-secrets:/run/signalbox'] }],
  ],
  command: [
    ['loki', { command: '-config.file=/etc/loki/loki.yaml' }],
    ['loki', { command: [`-config.file=\${FILE}`] }],
  ],
  depends_on: [
    ['loki', { depends_on: ['init'] }],
    ['loki', { depends_on: { init: {} } }],
    ['loki', { depends_on: { init: { condition: 'service_started' } } }],
    ['collector', { depends_on: { ...loki.depends_on, loki: { condition: 'service_healthy' } } }],
  ],
};

test('a file that keeps every rule has no mistakes', () => {
  assert.deepEqual(findComposeMistakes(good, facts), []);
});

test('every rule has a mistake that it must find', () => {
  assert.deepEqual(
    Object.keys(PLANTED).sort(),
    [...Object.keys(SERVICE_RULES), ...Object.keys(STRICT_RULES)].sort(),
  );
});

for (const [rule, plants] of Object.entries(PLANTED)) {
  test(`${rule}: what breaks it is found, under its name`, () => {
    for (const [name, change] of plants) {
      const mistakes = findComposeMistakes(withService(name, change), facts);
      assert.ok(mistakes.length > 0, JSON.stringify(change));
      for (const mistake of mistakes) assert.ok(mistake.startsWith(`${name}: ${rule}: `), mistake);
    }
  });
}

test('an excuse excuses from its rule only, needs a reason, and must be needed', () => {
  const excuse = (excused: object, change: object = {}) =>
    findComposeMistakes(withService('loki', { ...change, 'x-signalbox-excused': excused }), facts);
  assert.deepEqual(excuse({ user: 'for the sake of the test' }, { user: '0:0' }), []);
  assert.match(
    excuse({ user: 'for the sake of the test' }, { user: '0:0', restart: 'no' }).join(),
    /restart/,
  );
  assert.match(excuse({ user: '' }, { user: '0:0' }).join(), /user needs a reason in one line/);
  assert.match(
    excuse({ user: 'one line\nand another' }, { user: '0:0' }).join(),
    /user needs a reason in one line/,
  );
  assert.match(
    excuse({ user: 'for the sake of the test' }).join(),
    /keeps the rule user, so it needs no excuse/,
  );
  const strict = excuse({ read_only: 'for the sake of the test' }, { read_only: false });
  assert.match(strict.join(), /nobody can be excused from read_only/);
  assert.match(strict.join(), /can write to its root/);
});

test('volumes are declared, used, and given to their users', () => {
  const found = (change: Partial<ComposeFile>) => findComposeMistakes({ ...good, ...change }, facts);
  assert.deepEqual(found({ volumes: { 'loki-data': null } }), ['volumes: collector-secrets is not declared']);
  assert.deepEqual(found({ volumes: { ...good.volumes, 'tempo-data': null } }), [
    'volumes: nobody uses tempo-data',
    'volumes: init does not give tempo-data to its user',
  ]);
});

test('the network of the engines is closed, and there is no third one', () => {
  const found = (networks: ComposeFile['networks']) => findComposeMistakes({ ...good, networks }, facts);
  assert.deepEqual(found({ edge: null, internal: null }), ['networks: internal is not internal']);
  assert.match(found({ ...good.networks, default: null }).join(), /there are default,edge,internal/);
});
