import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { temporaryFolder } from './access.fixture.ts';
import { BusyError, createQueue } from './hash-queue.ts';
import { needsRehash, verifyPassword } from './password-hash.ts';
import { passwordMistake } from './password-rules.ts';
import { openPeopleFile } from './people-file.ts';
import { createUsers } from './users.ts';

const PASSWORD = 'three quiet otters';
/** Made by the reference implementation's rules at a lower cost: m=8 KiB, t=1. */
const CHEAP = async () => {
  const { argon2Sync, randomBytes } = await import('node:crypto');
  const nonce = randomBytes(16);
  const parameters = { message: PASSWORD, nonce, parallelism: 1, tagLength: 32, memory: 8, passes: 1 };
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=8,t=1,p=1$${base64(nonce)}$${base64(argon2Sync('argon2id', parameters))}`;
};

function openUsers(folder: string, waiting = 32) {
  return createUsers({
    file: openPeopleFile(folder),
    queue: createQueue({ atOnce: 2, waiting }),
    nowMs: Date.now,
  });
}

async function usersWithAnn(context: TestContext) {
  const folder = temporaryFolder(context);
  const users = openUsers(folder);
  await users.add({ name: 'Ann', role: 'viewer', password: PASSWORD });
  return { folder, users, path: join(folder, 'secrets/users.json') };
}

test('a user is kept with an Argon2id hash that says its cost, in a file that only its owner reads', async (context) => {
  const { path, users } = await usersWithAnn(context);
  const text = readFileSync(path, 'utf8');
  assert.match(text, /\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.ok(!text.includes(PASSWORD));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  assert.equal((await users.verify('ann', PASSWORD))?.name, 'ann');
  assert.equal((await users.verify('ANN ', PASSWORD))?.name, 'ann');
  assert.equal(await users.verify('ann', `${PASSWORD}x`), null);
  assert.equal(await users.verify('bob', PASSWORD), null);
});

test('a name that nobody has costs one hash, as one that somebody has', async (context) => {
  const { folder } = await usersWithAnn(context);
  const file = openPeopleFile(folder);
  const hashes: string[] = [];
  const users = createUsers({
    file,
    nowMs: Date.now,
    queue: async (work) => {
      hashes.push('hash');
      return work();
    },
  });
  for (const name of ['ann', 'nobody', '__proto__', '']) {
    hashes.length = 0;
    assert.equal(await users.verify(name, 'a wrong password'), null);
    assert.equal(hashes.length, 1, name);
  }
});

test('a disabled user does not get in with the right password', async (context) => {
  const { users } = await usersWithAnn(context);
  await users.change('ann', { isDisabled: true });
  assert.equal(await users.verify('ann', PASSWORD), null);
  await users.change('ann', { isDisabled: false });
  assert.ok(await users.verify('ann', PASSWORD));
});

test('every change gives the user another epoch', async (context) => {
  const { users } = await usersWithAnn(context);
  const epochs = new Set([users.find('ann')!.epoch]);
  for (const change of [{ role: 'admin' as const }, { password: 'four loud geese' }, { isDisabled: true }]) {
    epochs.add((await users.change('ann', change)).epoch);
  }
  assert.equal(epochs.size, 4);
});

test('a hash of another cost is made anew when its user logs in', async (context) => {
  const { path, users } = await usersWithAnn(context);
  const kept = JSON.parse(readFileSync(path, 'utf8'));
  kept.users[0].passwordHash = await CHEAP();
  writeFileSync(path, JSON.stringify(kept));
  assert.ok(needsRehash(users.find('ann')!.passwordHash));
  assert.ok(await users.verify('ann', PASSWORD));
  assert.ok(!needsRehash(users.find('ann')!.passwordHash));
  assert.ok(await users.verify('ann', PASSWORD));
});

test('a hash that would cost gigabytes is no hash', async () => {
  const huge =
    '$argon2id$v=19$m=4194304,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  assert.equal(await verifyPassword(PASSWORD, huge), false);
  assert.equal(await verifyPassword(PASSWORD, 'plain text'), false);
});

test('accents typed in another way are the same password', async (context) => {
  const folder = temporaryFolder(context);
  const users = openUsers(folder);
  await users.add({ name: 'zoe', role: 'viewer', password: 'cafe\u0301 cre\u0300me au lait' });
  assert.ok(await users.verify('zoe', 'caf\u00e9 cr\u00e8me au lait'));
});

test('what another process writes is seen at once, and nothing of two writers is lost', async (context) => {
  const { folder, users } = await usersWithAnn(context);
  const other = openUsers(folder);
  await other.change('ann', { role: 'admin' });
  assert.equal(users.find('ann')!.role, 'admin');
  const names = ['b1', 'b2', 'b3', 'b4'];
  await Promise.all(
    names.map((name, index) => [users, other][index % 2]!.add({ name, role: 'viewer', password: PASSWORD })),
  );
  assert.deepEqual(
    openUsers(folder)
      .list()
      .map(({ name }) => name)
      .sort(),
    ['ann', ...names],
  );
});

test('names that cannot be, or are taken, and users that are not there are told apart', async (context) => {
  const { users } = await usersWithAnn(context);
  for (const name of ['', ' ', '../etc', 'a b', 'x'.repeat(65), '-a', '__proto__', 'a\nb']) {
    await assert.rejects(users.add({ name, role: 'viewer', password: PASSWORD }), {
      reason: 'invalid',
      param: 'name',
    });
  }
  await assert.rejects(users.add({ name: 'ANN', role: 'viewer', password: PASSWORD }), { reason: 'exists' });
  await assert.rejects(users.change('bob', { role: 'admin' }), { reason: 'not_found' });
  await assert.rejects(users.remove('bob'), { reason: 'not_found' });
  await users.remove('ann');
  assert.deepEqual(users.list(), []);
});

test('a file that is damaged stops the start, and does not take users away from a program that runs', async (context) => {
  const { folder, path, users } = await usersWithAnn(context);
  for (const text of [
    '{',
    '{"version":2,"users":[],"tokens":[]}',
    '{"version":1,"users":[{}],"tokens":[]}',
  ]) {
    writeFileSync(path, text);
    assert.throws(
      () => openPeopleFile(folder),
      (error) => error instanceof OperatorError && error.message.includes(path),
    );
    assert.equal(users.find('ann')?.name, 'ann');
    await assert.rejects(users.remove('ann'), OperatorError);
  }
});

test('more logins than can wait are turned away, and those before are all answered', async (context) => {
  const { folder } = await usersWithAnn(context);
  const users = openUsers(folder, 3);
  const asked = Array.from({ length: 9 }, () => users.verify('ann', PASSWORD));
  const outcomes = await Promise.allSettled(asked);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 4);
  assert.ok(refused.every(({ reason }) => reason instanceof BusyError));
  assert.ok(await users.verify('ann', PASSWORD));
});

test('never more than two hashes are made at the same time', async () => {
  const queue = createQueue({ atOnce: 2, waiting: 100 });
  let [running, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  const failing = queue(async () => Promise.reject(new Error('fails')));
  await Promise.all([assert.rejects(failing), ...Array.from({ length: 20 }, () => queue(work))]);
  assert.equal(most, 2);
});

test('a password is refused for its length, for being known, or for holding the name, and for nothing else', () => {
  const wrong = [
    'short',
    'elevenchars',
    'x'.repeat(257),
    'Password1234',
    'QWERTYUIOP123',
    'aaaaaaaaaaaaaaaa',
    'my name is ANN!!',
  ];
  for (const password of wrong) assert.notEqual(passwordMistake(password, 'ann'), null, password);
  const right = [
    'three quiet otters',
    'only-small-letters',
    `${'\u{1F98A}'.repeat(3)}foxes are here`,
    'x1'.repeat(3) + 'yz'.repeat(125),
  ];
  for (const password of right) assert.equal(passwordMistake(password, 'ann'), null, password);
});
