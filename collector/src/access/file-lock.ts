import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
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
  while (!take(path)) {
    if (isStale(path)) rmSync(path, { force: true });
    else if (performance.now() > until) {
      throw new OperatorError(`${path} is held by another process. If none runs, remove that file.`);
    } else await sleep(RETRY_MS);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}
