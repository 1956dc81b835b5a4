import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeyError } from './key-error.ts';

const RETRY_MS = 10;
const GIVE_UP_MS = 15_000;
/** What is done under the lock takes milliseconds; one this old is of a process that ended or hangs. */
const STALE_MS = 10_000;
/** What is left of a lock when its process is killed is removed with what is left of the file. */
const HALF_DONE = '.new';
/** One whose process is gone is believed to be so after this: another container has process ids of its own. */
const GONE_MS = 1000;

/**
 * Does `work`, which must not wait for anything, while no other process is under the lock file `path`. A lock that was
 * left behind is taken over: a second after its process ended, where that can be seen, else after ten. Throws KeyError when it stays taken.
 */
export async function underLock<T>(path: string, work: () => T): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const own = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  const untilMs = performance.now() + GIVE_UP_MS;
  while (!take(path, own)) {
    if (performance.now() > untilMs) {
      throw new KeyError('unavailable', `${path} is held by another process. If none runs, remove it.`);
    }
    if (!removeStale(path)) await sleep(RETRY_MS);
  }
  try {
    return work();
  } finally {
    if (read(path) === own) rmSync(path, { force: true });
  }
}

function take(path: string, own: string): boolean {
  const draft = `${path}.${randomUUID()}${HALF_DONE}`;
  try {
    // Linked, not written in place: a lock is never seen without its content.
    writeFileSync(draft, own, { mode: 0o644, flag: 'wx' });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function removeStale(path: string): boolean {
  const holder = read(path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (holder === null || found === undefined) return true;
  const ageMs = Math.abs(Date.now() - found.mtimeMs);
  if (ageMs < STALE_MS && !(ageMs > GONE_MS && isGone(holder))) return false;
  const aside = `${path}.${randomUUID()}${HALF_DONE}`;
  try {
    renameSync(path, aside);
    // Somebody may have been faster, and this is their new lock: then it goes back.
    if (read(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
  return true;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isGone(holder: string): boolean {
  try {
    const { host, pid } = JSON.parse(holder) as { host: unknown; pid: unknown };
    if (host !== hostname()) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
