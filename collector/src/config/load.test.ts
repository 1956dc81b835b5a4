import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadConfig } from './load.ts';
import { configSchema } from './schema.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'signalbox-config-'));
after(() => rmSync(FOLDER, { recursive: true }));
let files = 0;

function load(yaml: string, environment: Record<string, string> = {}) {
  const file = join(FOLDER, `${++files}.yaml`);
  writeFileSync(file, yaml);
  const loaded = loadConfig({ file, environment });
  return loaded.ok
    ? loaded
    : {
        ...loaded,
        texts: loaded.mistakes.map(({ message, path }) => `${path}: ${message}`.replace(file, 'FILE')),
      };
}

function configOf(yaml: string, environment: Record<string, string> = {}) {
  const loaded = load(yaml, environment);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.config;
}

function mistakesOf(yaml: string, environment: Record<string, string> = {}): string[] {
  const loaded = load(yaml, environment);
  assert.ok(!loaded.ok, 'the configuration was accepted');
  return loaded.texts;
}

test('without file and environment there are safe defaults', () => {
  const loaded = loadConfig({ file: undefined, environment: {} });
  assert.ok(loaded.ok);
  assert.equal(loaded.file, null);
  assert.equal(loaded.config.data_dir, './data');
  assert.equal(loaded.config.otlp_http.host, '127.0.0.1');
  assert.equal(loaded.config.otlp_http.port, 4318);
  assert.equal(loaded.config.console.host, '127.0.0.1');
  assert.equal(loaded.config.console.port, 8080);
  assert.equal(loaded.config.otlp_http.allow_unauthenticated, false);
});

test('the environment goes before the file, the file before the defaults', () => {
  const config = configOf('store:\n  max_age_days: 3\n  threads: 1\n', { SIGNALBOX_STORE_MAX_AGE_DAYS: '5' });
  assert.equal(config.store.max_age_days, 5);
  assert.equal(config.store.threads, 1);
  assert.equal(config.store.commit_interval_ms, 50);
});

test('SIGNALBOX_CONFIG names the file when no argument does', () => {
  const file = join(FOLDER, 'named.yaml');
  writeFileSync(file, 'data_dir: /var/lib/signalbox\n');
  const loaded = loadConfig({ file: undefined, environment: { SIGNALBOX_CONFIG: file } });
  assert.ok(loaded.ok);
  assert.equal(loaded.config.data_dir, '/var/lib/signalbox');
  assert.equal(loaded.file, file);
});

test('a file that is named but not there is a mistake', () => {
  const loaded = loadConfig({ file: join(FOLDER, 'missing.yaml'), environment: {} });
  assert.ok(!loaded.ok);
  assert.match(loaded.mistakes[0]!.message, /^cannot be read: ENOENT/);
});

test('every leaf of the schema can be set by a variable', () => {
  const defaults = configOf('');
  const leaves = leafValues(defaults);
  assert.ok(leaves.length > 20, `${leaves.length} leaves`);
  for (const [path, value] of leaves) {
    const name = `SIGNALBOX_${path.join('_').toUpperCase()}`;
    assert.deepEqual(configOf('', { [name]: String(value) }), defaults, name);
  }
  assert.equal(new Set(leaves.map(([path]) => path.join('_'))).size, leaves.length, 'two keys share a name');
});

test('an unknown key is a mistake that names the known ones', () => {
  assert.deepEqual(mistakesOf('store:\n  max_age_day: 3\n'), [
    `store.max_age_day: unknown key; known here: ${Object.keys(configSchema.properties.store.properties).join(', ')}`,
  ]);
  assert.match(
    mistakesOf('stor: {}\n')[0]!,
    /^stor: unknown key; known here: data_dir, token, machine_token, otlp_http, /,
  );
});

test('a wrong type, a value out of bounds and a word that is none of the choices are told with what was found', () => {
  const texts = mistakesOf(
    'store:\n  max_age_days: "7"\n  threads: 0\nself:\n  log:\n    level: loud\nconsole: yes please\n',
  );
  assert.deepEqual(texts.sort(), [
    'console: must be object, got "yes please"',
    'self.log.level: must be one of error, warn, info, debug, got "loud"',
    'store.max_age_days: must be number, got "7"',
    'store.threads: must be >= 1, got 0',
  ]);
});

test('the words of a list of choices are told', () => {
  assert.deepEqual(
    mistakesOf(
      'content: { mode: all, services: [{ service: a, mode: non }] }\nsample: { rate_limits: [{ signal: log, per_second: 1 }] }\n',
    ).sort(),
    [
      'content.mode: must be one of metadata, redacted, full, got "all"',
      'content.services.0.mode: must be one of metadata, redacted, full, got "non"',
      'sample.rate_limits.0.signal: must be one of traces, metrics, logs, got "log"',
    ],
  );
});

test('a variable does not soften the types of the file', () => {
  const texts = mistakesOf('store:\n  max_age_days: "7"\n', { SIGNALBOX_CONSOLE_PORT: '1' });
  assert.deepEqual(texts, ['store.max_age_days: must be number, got "7"']);
});

test('a value out of bounds from the environment names the variable', () => {
  assert.deepEqual(mistakesOf('', { SIGNALBOX_CONSOLE_PORT: '70000' }), [
    'SIGNALBOX_CONSOLE_PORT: must be <= 65535, got 70000',
  ]);
});

test('all mistakes of file and environment are shown at once', () => {
  const texts = mistakesOf('store:\n  a: 1\n  b: 2\notlp_http:\n  port: -1\n', {
    SIGNALBOX_NO_SUCH: 'x',
    SIGNALBOX_CONSOLE_PORT: 'high',
  });
  assert.deepEqual(texts.map((text) => text.split(':')[0]).sort(), [
    'SIGNALBOX_CONSOLE_PORT',
    'SIGNALBOX_NO_SUCH',
    'otlp_http.port',
    'store.a',
    'store.b',
  ]);
});

test('broken YAML is told with its line, together with mistakes of the environment', () => {
  const texts = mistakesOf('store:\n  max_age_days: [1\nconsole:\n', { SIGNALBOX_NO_SUCH: 'x' });
  assert.match(texts[0]!, /^FILE: .* at line 3, column 1$/);
  assert.equal(texts.at(-1), 'SIGNALBOX_NO_SUCH: is not the name of a setting');
});

test('a file that does not hold keys and values, or grows without end, is a mistake', () => {
  assert.deepEqual(mistakesOf('- a\n- b\n'), ['FILE: must hold keys and values']);
  const bomb = `a: &a [x]\n${['b', 'c', 'd', 'e', 'f']
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcde'[i]}`).join(',')}]\n`)
    .join('')}`;
  assert.match(mistakesOf(bomb)[0]!, /^FILE: cannot be used: /);
});

test('an empty file and sections whose keys are all commented out mean the defaults', () => {
  assert.deepEqual(configOf(''), configOf('# nothing\nstore:\n  # threads: 1\nself:\n  log:\n'));
});

test('a secret never stands in a message', () => {
  const secret = 'zauberwort-4711';
  const texts = [
    ...mistakesOf(`token: [${secret}]\n`),
    ...mistakesOf(`token: "${secret} with spaces"\n`),
    ...mistakesOf(`token: "${secret}\nstore: [\n`),
    ...mistakesOf(`token: '${secret}'\ntoken: '${secret}'\n`),
    ...mistakesOf('', { SIGNALBOX_TOKEN: `${secret} x` }),
    ...mistakesOf('', { SIGNALBOX_MACHINE_TOKEN: `${secret} x` }),
    ...mistakesOf('', { SIGNALBOX_TOKN: secret }),
    ...mistakesOf(`access: { oidc: { client_secret: ['${secret}'] } }\n`),
    ...mistakesOf(`exporter_otlp: { headers: '${secret}' }\n`),
    ...mistakesOf(`exporter_otlp: { headers: [{ a: '${secret}' }] }\n`),
  ];
  assert.ok(texts.length >= 9);
  for (const text of texts) assert.ok(!text.includes(secret), text);
});

test('a token that could be found by trying is a mistake', () => {
  const mistakes = [{ SIGNALBOX_TOKEN: 'short' }, { SIGNALBOX_MACHINE_TOKEN: 'x'.repeat(15) }].map(
    (environment) => mistakesOf('', environment),
  );
  assert.deepEqual(
    mistakes.map((texts) => texts.map((text) => text.split(':')[0])),
    [['SIGNALBOX_TOKEN'], ['SIGNALBOX_MACHINE_TOKEN']],
  );
  assert.equal(configOf(`token: ${'x'.repeat(16)}\n`).token.length, 16);
});

test('other machines are let in only when the operator says so', () => {
  const texts = mistakesOf('otlp_http:\n  host: 0.0.0.0\n');
  assert.equal(texts.length, 1);
  assert.match(texts[0]!, /^otlp_http.host: 0\.0\.0\.0 is reached by other machines.*allow_unauthenticated/);
  assert.equal(
    configOf('otlp_http:\n  host: 0.0.0.0\n  allow_unauthenticated: true\n').otlp_http.host,
    '0.0.0.0',
  );
  for (const host of ['localhost', '127.0.0.53', '"::1"']) configOf(`otlp_http:\n  host: ${host}\n`);
});

test('both receivers listen for other machines when keys or client certificates are asked for', () => {
  const open = 'otlp_http: { host: 0.0.0.0 }\notlp_grpc: { host: "::" }\n';
  assert.deepEqual(
    mistakesOf(open).map((text) => text.split(':', 1)[0]),
    ['otlp_http.host', 'otlp_grpc.host'],
  );
  assert.equal(configOf(`${open}keys: { required: true }\n`).otlp_grpc.host, '::');
  const tls = 'tls: { cert_file: a, key_file: b, client_ca_file: c }';
  assert.equal(configOf(`otlp_grpc: { host: 0.0.0.0, ${tls} }\n`).otlp_grpc.host, '0.0.0.0');
  assert.equal(mistakesOf(`otlp_http: { host: 0.0.0.0 }\notlp_grpc: { ${tls} }\n`).length, 1);
  const allowed = { SIGNALBOX_OTLP_GRPC_ALLOW_UNAUTHENTICATED: 'true' };
  assert.equal(configOf('otlp_grpc: { host: 0.0.0.0 }\n', allowed).otlp_grpc.host, '0.0.0.0');
  assert.match(mistakesOf('otlp_http: { tls: { cert_file: a } }\n')[0]!, /^otlp_http\.tls\.key_file/);
});

test('an exporter that would send to its own receiver is refused', () => {
  for (const endpoint of [
    'http://127.0.0.1:4318',
    'http://localhost:4318/',
    'http://[::1]:4318',
    'http://0.0.0.0:4318',
    'http://[::]:4318',
  ]) {
    const [mistake] = mistakesOf(`exporter_otlp:\n  endpoint: ${endpoint}\n`);
    assert.match(mistake ?? '', /^exporter_otlp.endpoint: .* is this Signalbox itself/);
  }
  configOf('exporter_otlp:\n  endpoint: http://127.0.0.1:14318\n');
  configOf('exporter_otlp:\n  endpoint: https://otlp.example.com:4318\n');
});

test('an exporter to an engine that would send to its own receiver is refused like any other', () => {
  const [mistake] = mistakesOf('exporter_tempo:\n  endpoint: http://127.0.0.1:4318\n');
  assert.match(mistake ?? '', /^exporter_tempo.endpoint: .* is this Signalbox itself/);
});

test('an address that cannot be one is a mistake, not a crash', () => {
  assert.deepEqual(mistakesOf('exporter_tempo: { endpoint: "http://tempo:431800" }\n'), [
    'exporter_tempo.endpoint: http://tempo:431800 is not an address',
  ]);
  assert.match(mistakesOf('engines: { loki_url: "http://loki:99999" }\n')[0] ?? '', /^engines.loki_url: /);
});

test('the engines are asked together or not at all, and what is asked there is sent there', () => {
  const some = mistakesOf('engines: { tempo_url: http://tempo:3200 }\n').sort();
  assert.deepEqual(
    some.map((text) => text.split(':')[0]),
    [
      'engines.loki_url',
      'engines.prometheus_url',
      'exporter_loki.endpoint',
      'exporter_prometheus.endpoint',
      'exporter_tempo.endpoint',
    ],
  );
  const engines =
    'engines: { tempo_url: http://tempo:3200, loki_url: http://loki:3100, prometheus_url: http://prometheus:9090 }\n' +
    'exporter_tempo: { endpoint: http://tempo:4318 }\nexporter_loki: { endpoint: http://loki:3100/otlp }\n';
  assert.match(mistakesOf(engines)[0] ?? '', /^exporter_prometheus.endpoint: is missing/);
  configOf(`${engines}exporter_prometheus: { endpoint: http://prometheus:9090/api/v1/otlp }\n`);
});

test('the result is frozen all the way down', () => {
  const config = configOf('');
  assert.throws(() => Object.assign(config, { token: 'x' }), TypeError);
  assert.throws(() => Object.assign(config.self.log, { level: 'debug' }), TypeError);
  assert.throws(() => (config.console.allowed_hosts as string[]).push('x'), TypeError);
});

function leafValues(node: object, path: string[] = []): [string[], unknown][] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? leafValues(value, [...path, key])
      : [[[...path, key], value] as [string[], unknown]],
  );
}
