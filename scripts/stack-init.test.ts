import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { VOLUME_USERS } from './stack-init/volumes.ts';
import { prepareStack, type StackOptions, showStack } from './stack-init.ts';

const ROOT = join(import.meta.dirname, '..');
const isRoot = process.getuid?.() === 0;
const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
/** Only root can give files away; whoever else runs the tests keeps them. */
const users = isRoot
  ? VOLUME_USERS
  : {
      data: Object.fromEntries(Object.keys(VOLUME_USERS.data).map((name) => [name, own])),
      readers: Object.fromEntries(Object.keys(VOLUME_USERS.readers).map((name) => [name, own.gid])),
    };
const TOKENS = {
  'caddy-secrets': ['ingest-token'],
  'collector-secrets': ['machine-token', 'operator-token'],
  'grafana-secrets': ['admin-password', 'secret-key'],
  'machine-secrets': ['machine-token'],
};

function emptyStack(context: TestContext): StackOptions {
  const root = mkdtempSync(join(tmpdir(), 'stack-init-'));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  for (const name of [...Object.keys(users.data), ...Object.keys(users.readers)]) mkdirSync(join(root, name));
  cpSync(join(ROOT, 'alertmanager'), join(root, 'alertmanager'), { recursive: true });
  return { root, renew: [], environment: {}, smtpPassword: '', users };
}

const secretOf = ({ root }: StackOptions, path: string) => readFileSync(join(root, path), 'utf8').trim();

function allFiles({ root }: StackOptions): Record<string, string> {
  const paths = Object.keys(users.readers).flatMap((volume) =>
    readdirSync(join(root, volume)).map((file) => `${volume}/${file}`),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

test('an empty stack gets its secrets, each for its readers only', (context) => {
  const stack = emptyStack(context);
  prepareStack(stack);
  for (const [volume, files] of Object.entries(TOKENS)) {
    assert.deepEqual(readdirSync(join(stack.root, volume)), files);
    const gid = users.readers[volume as keyof typeof TOKENS];
    const folder = statSync(join(stack.root, volume));
    assert.deepEqual([folder.uid, folder.gid, folder.mode & 0o7777], [own.uid, gid, 0o750], volume);
    for (const file of files) {
      const stat = statSync(join(stack.root, volume, file));
      assert.deepEqual([stat.uid, stat.gid, stat.mode & 0o7777], [own.uid, gid, 0o440], file);
      assert.match(secretOf(stack, `${volume}/${file}`), /^[\w-]{24,}$/);
    }
  }
  assert.equal(
    secretOf(stack, 'machine-secrets/machine-token'),
    secretOf(stack, 'collector-secrets/machine-token'),
  );
  const values = Object.entries(TOKENS).flatMap(([volume, files]) =>
    files.map((file) => secretOf(stack, `${volume}/${file}`)),
  );
  assert.equal(new Set(values).size, values.length - 1, 'only the machine token is there twice');
});

test('volumes with data go to the users of their services, what is in them is left alone', (context) => {
  const stack = emptyStack(context);
  const file = join(stack.root, 'loki-data/chunk');
  writeFileSync(file, 'kept');
  const before = statSync(file);
  prepareStack(stack);
  for (const [volume, { gid, uid }] of Object.entries(users.data)) {
    const stat = statSync(join(stack.root, volume));
    assert.deepEqual([stat.uid, stat.gid], [uid, gid], volume);
  }
  const after = statSync(file);
  assert.deepEqual([after.uid, after.gid, after.mode], [before.uid, before.gid, before.mode]);
});

test('the first run tells tokens and passwords, a later one changes and tells nothing', (context) => {
  const stack = emptyStack(context);
  const first = prepareStack(stack);
  const token = secretOf(stack, 'collector-secrets/operator-token');
  const password = secretOf(stack, 'grafana-secrets/admin-password');
  assert.ok(first.includes(`http://127.0.0.1:8080/login#token=${token}\n`), first);
  assert.ok(first.includes(`http://127.0.0.1:3000/   user admin, first password ${password}\n`), first);
  assert.ok(!first.includes(secretOf(stack, 'collector-secrets/machine-token')));
  assert.ok(!first.includes(secretOf(stack, 'grafana-secrets/secret-key')));

  const before = allFiles(stack);
  const later = prepareStack(stack);
  assert.deepEqual(allFiles(stack), before);
  for (const secret of [token, password]) assert.ok(!later.includes(secret));
  assert.match(later, /Everything is there already[\s\S]*docker compose run --rm init --show/);
  assert.ok(showStack(stack).includes(`login#token=${token}`));
  assert.deepEqual(allFiles(stack), before);
});

test('what is missing is made again, what is there stays', (context) => {
  const stack = emptyStack(context);
  prepareStack(stack);
  const before = allFiles(stack);
  rmSync(join(stack.root, 'caddy-secrets/ingest-token'));
  rmSync(join(stack.root, 'machine-secrets/machine-token'));
  // An end in the middle of a write leaves this.
  writeFileSync(join(stack.root, 'caddy-secrets/ingest-token.new'), 'half', { mode: 0o440 });
  const told = prepareStack(stack);
  const after = allFiles(stack);
  assert.deepEqual(Object.keys(after), Object.keys(before));
  const changed = Object.keys(before).filter((path) => after[path] !== before[path]);
  assert.deepEqual(changed, ['caddy-secrets/ingest-token']);
  assert.match(told, /^Made: ingest-token\.$/m);
});

test('an empty file of a secret counts as missing', (context) => {
  const stack = emptyStack(context);
  writeFileSync(join(stack.root, 'collector-secrets/operator-token'), '\n');
  prepareStack(stack);
  assert.match(secretOf(stack, 'collector-secrets/operator-token'), /^[\w-]{43}$/);
});

test('a token can be renewed, in every place that has it', (context) => {
  const stack = emptyStack(context);
  prepareStack(stack);
  const before = allFiles(stack);
  const told = prepareStack({ ...stack, renew: ['machine-token', 'operator-token'] });
  const after = allFiles(stack);
  assert.deepEqual(
    Object.keys(before).filter((path) => after[path] !== before[path]),
    ['collector-secrets/machine-token', 'collector-secrets/operator-token', 'machine-secrets/machine-token'],
  );
  assert.equal(after['machine-secrets/machine-token'], after['collector-secrets/machine-token']);
  assert.ok(told.includes(`login#token=${after['collector-secrets/operator-token']!.trim()}`));
});

test('mail comes into the configuration of Alertmanager when it is set, and leaves it again', (context) => {
  const stack = emptyStack(context);
  const source = readFileSync(join(ROOT, 'alertmanager/alertmanager.yml'), 'utf8');
  prepareStack(stack);
  assert.equal(readFileSync(join(stack.root, 'alertmanager-config/alertmanager.yml'), 'utf8'), source);
  const environment = {
    STACK_ALERT_EMAIL_TO: 'ops@example.com',
    STACK_SMTP_SMARTHOST: 'smtp.example.com:587',
    STACK_SMTP_USERNAME: 'ops',
  };
  const told = prepareStack({ ...stack, environment, smtpPassword: 'correct horse' });
  assert.match(told, /Alertmanager's configuration was written, with mail/);
  assert.match(secretOf(stack, 'alertmanager-config/alertmanager.yml'), /to: ops@example\.com/);
  assert.equal(secretOf(stack, 'alertmanager-config/smtp-password'), 'correct horse');
  assert.equal(statSync(join(stack.root, 'alertmanager-config/smtp-password')).mode & 0o7777, 0o440);
  prepareStack(stack);
  assert.equal(readFileSync(join(stack.root, 'alertmanager-config/alertmanager.yml'), 'utf8'), source);
  assert.equal(secretOf(stack, 'alertmanager-config/smtp-password'), '');
});

test('a public name is told with the header that senders need there', (context) => {
  const stack = emptyStack(context);
  const told = prepareStack({ ...stack, environment: { STACK_PUBLIC_HOST: 'monitoring.example.com' } });
  const token = secretOf(stack, 'caddy-secrets/ingest-token');
  assert.ok(told.includes(`OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20${token}\n`), told);
  assert.ok(told.includes('https://grafana.monitoring.example.com/'), told);
});

test('ports that others reach come with a warning', (context) => {
  const stack = emptyStack(context);
  assert.doesNotMatch(prepareStack(stack), /Whoever/);
  const told = prepareStack({ ...stack, environment: { STACK_BIND_ADDRESS: '0.0.0.0' } });
  assert.match(told, /Whoever reaches http:\/\/localhost:4318 can send data/);
});

test('wrong settings change nothing', (context) => {
  const stack = emptyStack(context);
  const environment = { STACK_ALERT_EMAIL_TO: 'ops@example.com' };
  assert.throws(() => prepareStack({ ...stack, environment }), /STACK_SMTP_SMARTHOST/);
  assert.deepEqual(allFiles(stack), {});
});

test('a volume that is not mounted is named', (context) => {
  const stack = emptyStack(context);
  rmSync(join(stack.root, 'tempo-data'), { recursive: true });
  assert.throws(() => prepareStack(stack), /tempo-data is missing/);
});

const run = promisify(execFile);
const PROGRAM = join(ROOT, 'scripts/stack-init.ts');

test('as a program: help, and mistakes in plain words with exit code 1', async (context) => {
  const stack = emptyStack(context);
  assert.match((await run(process.execPath, [PROGRAM, '--help'])).stdout, /docker compose logs init/);
  const failsWith = (args: string[], stderr: RegExp) =>
    assert.rejects(run(process.execPath, [PROGRAM, ...args]), (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 1);
      assert.match(error.stderr, stderr);
      assert.doesNotMatch(error.stderr, /at .*:\d+:\d+/, 'no stack of calls');
      return true;
    });
  await failsWith(['--root', stack.root, '--show'], /Nothing was made yet/);
  await failsWith(['--root', stack.root, '--renew', 'secret-key'], /"secret-key" cannot be renewed/);
  await failsWith(['--root', join(stack.root, 'nowhere')], /is missing/);
  await failsWith(['--wrong'], /--wrong/);
});

async function worksWithChownAlone(context: TestContext): Promise<void> {
  const stack = emptyStack(context);
  chmodSync(stack.root, 0o755);
  const capabilities = ['--bounding-set=-all,+chown', '--inh-caps=-all', '--no-new-privs'];
  const program = [process.execPath, PROGRAM, '--root', stack.root];
  const first = await run('setpriv', [...capabilities, ...program]);
  assert.match(first.stdout, /Made: operator-token/);
  const later = await run('setpriv', [...capabilities, ...program, '--renew', 'operator-token']);
  assert.match(later.stdout, /^Made: operator-token\.$/m);
  assert.equal(existsSync(join(stack.root, 'collector-secrets/operator-token.new')), false);
}

// Only root can give capabilities away.
if (isRoot) test('with CHOWN alone it makes, and makes again, what belongs to others', worksWithChownAlone);
