import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '#core/errors.ts';

const RETRY_MS = 20;
const GIVE_UP_MS = 15_000;
/** What is done under a lock takes milliseconds, so one this old is of a process that was killed. */
const STALE_MS = 10_000;

/**
 * Does `work` while no other process does anything under the lock file `path`; a lock left behind is taken over
 * after ten seconds. Throws OperatorError when it stays taken.
 */
export async function underLock<T>(path: string, work: () => T): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const until = performance.now() + GIVE_UP_MS;
  const own = randomUUID();
  while (!take(path, own)) {
    if (isStale(path)) removeStale(path);
    else if (performance.now() > until) {
      throw new OperatorError(`${path} is held by another process. If none runs, remove that file.`);
    } else await sleep(RETRY_MS);
  }
  try {
    return work();
  } finally {
    if (read(path) === own) rmSync(path, { force: true });
  }
}

function take(path: string, own: string): boolean {
  try {
    writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Math.abs(Date.now() - found.mtimeMs) > STALE_MS;
}

function removeStale(path: string): void {
  const aside = `${path}.${randomUUID()}.new`;
  try {
    renameSync(path, aside);
    // Somebody may have been faster, and this is their new lock: then it goes back.
    if (!isStale(aside)) linkSync(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
