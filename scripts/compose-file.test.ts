import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mebibytes, readComposeFile } from './compose-rules/compose-file.ts';
import { findComposeMistakes } from './compose-rules/find-mistakes.ts';
import { ENGINES } from './compose-rules/service-rules.ts';
import { VOLUME_USERS } from './stack-init/volumes.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const compose = readComposeFile(join(ROOT, 'docker-compose.yml'));
const debug = readComposeFile(join(ROOT, 'docker-compose.debug.yml'));
const services = Object.entries(compose.services);

test('docker-compose.yml keeps every rule', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const facts = { version, exists: (path: string) => existsSync(join(ROOT, path)) };
  assert.deepEqual(findComposeMistakes(compose, facts), []);
});

test('without a profile there are the collector and the engines, and profiles add one service each', () => {
  const byProfile = Object.groupBy(services, ([, { profiles = ['none'] }]) => profiles.join());
  const names = Object.entries(byProfile).map(([profile, list = []]) => [
    profile,
    list.map(([name]) => name),
  ]);
  assert.deepEqual(Object.fromEntries(names), {
    none: ['init', 'collector', 'prometheus', 'loki', 'tempo', 'alertmanager', 'grafana'],
    demo: ['demo'],
    tls: ['caddy'],
    mail: ['mailpit'],
  });
});

test('what runs all the time fits a machine with 4 GiB', () => {
  const limits = services
    .filter(([name, { profiles }]) => profiles === undefined && name !== 'init')
    .map(([, { deploy }]) => mebibytes(deploy?.resources?.limits?.memory));
  assert.equal(limits.length, 6);
  const sum = limits.reduce((total, limit) => total + limit, 0);
  assert.ok(sum <= 4096, `${sum} MiB`);
});

test('volumes are given to the users that services run as', () => {
  const given: Record<string, { uid?: number; gid: number }> = {
    ...VOLUME_USERS.data,
    ...Object.fromEntries(Object.entries(VOLUME_USERS.readers).map(([name, gid]) => [name, { gid }])),
  };
  const seen = new Set<string>();
  for (const [name, { user, volumes = [] }] of services.filter(([service]) => service !== 'init')) {
    for (const volume of volumes.map((mount) => mount.split(':')[0]!).filter((source) => source in given)) {
      const { gid, uid } = given[volume]!;
      const [runsAs, group] = user!.split(':').map(Number);
      if (uid !== undefined) assert.equal(runsAs, uid, `${volume} of ${name}`);
      assert.equal(group, gid, `${volume} of ${name}`);
      seen.add(volume);
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(given).sort());
  assert.deepEqual(Object.keys(compose.volumes ?? {}).sort(), Object.keys(given).sort());
});

test('the override for debugging publishes each engine on this machine, and changes nothing else', () => {
  assert.deepEqual(Object.keys(debug.services).sort(), [...ENGINES].sort());
  assert.deepEqual(Object.keys(debug.networks), ['debug']);
  for (const [name, service] of Object.entries(debug.services)) {
    assert.deepEqual(Object.keys(service).sort(), ['networks', 'ports'], name);
    assert.deepEqual(service.networks, [...compose.services[name]!.networks!, 'debug'], name);
    assert.equal(service.ports!.length, 1, name);
    assert.match(service.ports![0]!, /^127\.0\.0\.1:(\d+):\1$/, name);
  }
});

test('.env.example lists every variable, each has a default, and none is called like a setting', () => {
  const variables = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)(:[-+])?/g)];
  for (const [text, , fallback] of variables) assert.ok(fallback, `${text} has a default`);
  const used = new Set(variables.map(([, name]) => name));
  const listed = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
  assert.deepEqual(listed.toSorted(), [...used].toSorted());
  for (const name of used) assert.match(name!, /^STACK_/);
});

test('init is told every variable that it reads, and the Caddyfile as well', () => {
  const namesIn = (text: string, form: RegExp) => [
    ...new Set([...text.matchAll(form)].map(([, name]) => name!)),
  ];
  const init = namesIn(read('scripts/stack-init/settings.ts'), /get\('(STACK_\w+)'/g);
  assert.ok(init.length > 8);
  assert.deepEqual(Object.keys(compose.services.init!.environment!).sort(), init.sort());
  const caddy = namesIn(read('caddy/Caddyfile'), /\{\$(\w+)/g);
  assert.deepEqual(
    caddy.filter((name) => !(name in compose.services.caddy!.environment!)),
    [],
  );
});

test('the image has the Node that tests run on, another user than root, and both targets', () => {
  const dockerfile = read('collector/Dockerfile');
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
  const bases = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, base, name]) => ({ base, name }));
  assert.deepEqual(
    bases.filter(({ base }) => !bases.some(({ name }) => name === base)).map(({ base }) => base),
    [`node:${lock.packages['node_modules/node']!.version}-bookworm-slim`],
  );
  for (const target of ['collector', 'demo']) {
    const stage = dockerfile.split(new RegExp(`^FROM \\S+ AS ${target}$`, 'm'))[1]?.split(/^FROM /m)[0] ?? '';
    assert.match(stage, /^USER node$/m, target);
    assert.match(stage, /^CMD \["node", /m, target);
  }
});
