import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { underLock } from './file-lock.ts';
import { createDataDir } from './keys.fixture.ts';

const SECOND_MS = 1000;

function leaveLock(path: string, holder: { pid: number; host: string }, ageMs: number): void {
  writeFileSync(path, JSON.stringify({ ...holder, token: 'old' }));
  const then = new Date(Date.now() - ageMs);
  utimesSync(path, then, then);
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('the lock is there during the work and gone after it, also when that failed', async (t) => {
  const path = join(createDataDir(t), 'a.lock');
  assert.equal(await underLock(path, () => existsSync(path)), true);
  await assert.rejects(
    underLock(path, () => {
      throw new Error('no');
    }),
    /^Error: no$/,
  );
  assert.deepEqual(readdirSync(join(path, '..')), []);
});

test('a lock that another process holds is waited for', async (t) => {
  const path = join(createDataDir(t), 'a.lock');
  leaveLock(path, { pid: process.pid, host: hostname() }, 5 * SECOND_MS);
  let isDone = false;
  const waiting = underLock(path, () => {
    isDone = true;
  });
  await sleep(100);
  assert.equal(isDone, false);
  rmSync(path);
  await waiting;
  assert.equal(isDone, true);
});

const STALE: [what: string, holder: () => { pid: number; host: string }, ageMs: number][] = [
  ['of a process that has ended', () => ({ pid: deadPid(), host: hostname() }), 2 * SECOND_MS],
  ['of another machine, when it is old', () => ({ pid: process.pid, host: 'elsewhere' }), 11 * SECOND_MS],
  ['from the future', () => ({ pid: process.pid, host: hostname() }), -3600 * SECOND_MS],
];

for (const [what, holder, ageMs] of STALE) {
  test(`a lock ${what} is taken over`, async (t) => {
    const path = join(createDataDir(t), 'a.lock');
    leaveLock(path, holder(), ageMs);
    assert.equal(await underLock(path, () => 'done'), 'done');
    assert.deepEqual(readdirSync(join(path, '..')), []);
  });
}
