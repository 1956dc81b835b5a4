import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { openTokens } from './secrets.ts';

const NONE = { operator: '', machine: '', hashKey: '' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('tokens are made once, differ, and are found again', () => {
  const first = openTokens(join(folder, 'a/b'), NONE);
  assert.match(first.operator, /^[\w-]{43}$/);
  assert.match(first.machine, /^[\w-]{43}$/);
  assert.match(first.hashKey, /^[\w-]{43}$/);
  assert.equal(new Set(Object.values(first)).size, 3);
  assert.deepEqual(openTokens(join(folder, 'a/b'), NONE), first);
});

test('only the owner can read the tokens', () => {
  openTokens(folder, NONE);
  assert.equal(statSync(join(folder, 'secrets')).mode & 0o777, 0o700);
  for (const name of ['operator-token', 'machine-token', 'hash-key'])
    assert.equal(statSync(join(folder, 'secrets', name)).mode & 0o777, 0o600, name);
});

test('a configured token goes first and is not written down', () => {
  const made = openTokens(folder, NONE);
  assert.deepEqual(openTokens(folder, { operator: 'configured', machine: 'also', hashKey: 'third' }), {
    operator: 'configured',
    machine: 'also',
    hashKey: 'third',
  });
  for (const [name, kept] of [
    ['operator-token', made.operator],
    ['hash-key', made.hashKey],
  ] as const)
    assert.equal(readFileSync(join(folder, 'secrets', name), 'utf8').trim(), kept);
});

test('an empty token file is filled anew', () => {
  openTokens(folder, NONE);
  writeFileSync(join(folder, 'secrets/operator-token'), '\n');
  assert.match(openTokens(folder, NONE).operator, /^[\w-]{43}$/);
});

test('a folder that cannot be made is refused at once and named', () => {
  writeFileSync(join(folder, 'file'), '');
  for (const dataDir of [join(folder, 'file/data'), '/proc/self', '/proc/no/such']) {
    assert.throws(
      () => openTokens(dataDir, NONE),
      (error) =>
        error instanceof OperatorError &&
        error.message.startsWith(`Cannot write to the data folder ${dataDir}`),
    );
  }
});
