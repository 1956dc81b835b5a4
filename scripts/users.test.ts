import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const PASSWORD = 'three quiet otters';

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

function inFolder(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-users-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const users = (args: string[], input = ''): Promise<Ran> =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [join(import.meta.dirname, 'users.ts'), ...args],
        { env: { PATH: process.env.PATH, SIGNALBOX_DATA_DIR: folder }, cwd: folder },
        (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
      child.stdin!.end(input);
    });
  const kept = () => JSON.parse(readFileSync(join(folder, 'secrets/users.json'), 'utf8'));
  return { folder, users, kept };
}

test('a user is added with a password from standard input, changed, and removed', async (context) => {
  const { kept, users } = inFolder(context);
  assert.match((await users(['list'])).stdout, /There are no users yet/);
  const added = await users(['add', 'Ann', '--role', 'viewer'], `${PASSWORD}\nmore\n`);
  assert.deepEqual([added.code, added.stdout], [0, 'ann is viewer and can log in now.\n'], added.stderr);
  assert.equal((await users(['role', 'ann', 'admin'])).code, 0);
  assert.equal((await users(['disable', 'ann'])).code, 0);
  assert.match((await users(['list'])).stdout, /^ann +admin +disabled +\d{4}-\d{2}-\d{2}$/m);
  assert.equal((await users(['enable', 'ann'])).code, 0);
  const before = kept().users[0].passwordHash;
  assert.equal((await users(['password', 'ann'], 'four very loud geese\n')).code, 0);
  assert.notEqual(kept().users[0].passwordHash, before);
  assert.equal((await users(['remove', 'ann'])).code, 0);
  assert.deepEqual(kept().users, []);
});

test('a token is printed once and alone, listed without it, and revoked', async (context) => {
  const { folder, kept, users } = inFolder(context);
  const made = await users(['token', 'create', 'ci', '--role', 'viewer', '--days', '30']);
  assert.match(made.stdout, /^sbt_[\w-]{43}\n$/);
  assert.equal((await users(['token', 'create', 'scrape', '--scope', 'metrics'])).code, 0);
  const { stdout } = await users(['token', 'list']);
  assert.match(stdout, /ci +viewer/);
  assert.match(stdout, /scrape +metrics +\S+ +never/);
  const [{ id }] = kept().tokens;
  assert.equal((await users(['token', 'revoke', id])).code, 0);
  assert.equal(kept().tokens.length, 1);
  const [name] = readdirSync(join(folder, 'audit'));
  const audit = readFileSync(join(folder, 'audit', name!), 'utf8');
  assert.equal(audit.trim().split('\n').length, 3);
  assert.match(audit, /"kind":"command".*"action":"npm run users: token create","target":"ci \(/);
  assert.ok(!audit.includes(made.stdout.trim()) && !stdout.includes(made.stdout.trim()));
});

test('what is asked wrongly changes nothing and says how to ask', async (context) => {
  const { users } = inFolder(context);
  const wrong: [args: string[], words: RegExp][] = [
    [['add', 'ann', PASSWORD, '--role', 'viewer'], /Usage: npm run users -- add NAME --role ROLE/],
    [['add', 'ann', '--password', PASSWORD], /Unknown option/],
    [['add', 'ann'], /A role is one of viewer, operator, admin/],
    [['role', 'ann', 'boss'], /A role is one of/],
    [['remove', 'ann'], /There is no user "ann"/],
    [['token', 'create', 'x', '--scope', 'all'], /A scope is one of/],
    [['token', 'create', 'x', '--role', 'viewer', '--days', '0'], /--days/],
    [['fly'], /There is no command "fly"/],
  ];
  for (const [args, words] of wrong) {
    const { code, stderr, stdout } = await users(args);
    assert.equal(code, 1, args.join(' '));
    assert.match(stderr, words);
    assert.equal(stdout, '');
    assert.ok(!/\n +at /.test(stderr), stderr);
  }
  const weak = await users(['add', 'ann', '--role', 'viewer'], 'short\n');
  assert.deepEqual([weak.code, /at least 12 characters/.test(weak.stderr)], [1, true]);
});
