import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

const HALF_WRITTEN = '.new';
/** Writing takes milliseconds, so one this old is of a process that was killed. */
const ABANDONED_MS = 60_000;

/** Replaces a file (mode 0600, its folder 0700): whoever reads it finds all of it as it was before, or as it is after. */
export function replaceFile(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeAbandoned(folder, basename(path));
  const temporary = `${path}.${randomBytes(4).toString('hex')}${HALF_WRITTEN}`;
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      giveToOwner(file, folder);
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** A command that root runs must not take the file away from the user of the program. */
function giveToOwner(file: number, folder: string): void {
  const { gid, uid } = statSync(folder);
  if (process.getuid?.() === 0 && uid !== 0) fchownSync(file, uid, gid);
}

/** Makes the new name durable. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** What a process that was killed between write and rename left behind. */
function removeAbandoned(folder: string, name: string): void {
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(`${name}.`) || !entry.endsWith(HALF_WRITTEN)) continue;
    const path = join(folder, entry);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) rmSync(path, { force: true });
  }
}
