import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './access.fixture.ts';
import { underLock } from './file-lock.ts';

test('a lock is there while the work is done, and gone after it, also when it fails', async (context) => {
  const path = join(temporaryFolder(context), 'users.json.lock');
  assert.equal(await underLock(path, () => existsSync(path)), true);
  assert.ok(!existsSync(path));
  const failing = underLock(path, () => {
    throw new Error('no');
  });
  await assert.rejects(failing, /no/);
  assert.ok(!existsSync(path));
});

test('a lock left behind is taken over, also when a clock that was ahead wrote it', async (context) => {
  const path = join(temporaryFolder(context), 'users.json.lock');
  for (const secondsAgo of [60, -60]) {
    writeFileSync(path, 'of a process that was killed');
    const at = Date.now() / 1000 - secondsAgo;
    utimesSync(path, at, at);
    assert.equal(await underLock(path, () => 'done'), 'done');
    assert.ok(!existsSync(path));
  }
});

test('who held a lock for too long does not remove the one of who took it over', async (context) => {
  const path = join(temporaryFolder(context), 'users.json.lock');
  await underLock(path, () => {
    rmSync(path);
    writeFileSync(path, 'of another process');
  });
  assert.equal(readFileSync(path, 'utf8'), 'of another process');
});
