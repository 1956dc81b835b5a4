import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  constants,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 32 * 1024 * 1024;

/** A file that is replaced as a whole: whoever reads finds it as it was before or after. Mode 0600, its folder 0700. */
export function replaceFile(path: string, text: string): void {
  makeFolder(dirname(path));
  const temporary = `${path}.${randomBytes(4).toString('hex')}.new`;
  const file = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    try {
      keepOwner(file, dirname(path));
      // Unlike writeSync, which stops at what a full disk still takes.
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
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Makes a folder that only its owner may enter, if there is none. */
export function makeFolder(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (made === undefined || process.getuid?.() !== 0) return;
  const { gid, uid } = statSync(dirname(made));
  chownSync(made, uid, gid);
}

/** What root makes here, as with a command in a container, must stay readable for the user that the program runs as. */
export function keepOwner(file: number, folder: string): void {
  if (process.getuid?.() !== 0) return;
  const { gid, uid } = statSync(folder);
  fchownSync(file, uid, gid);
}

/** The text of a file; null when there is none. Throws when it is larger than such files get. */
export function readFileIfAny(path: string): string | null {
  try {
    if (statSync(path).size > MAX_BYTES) throw new Error(`${path} is larger than ${MAX_BYTES} bytes`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Differs whenever the file was replaced; '' when there is none. */
export function versionOfFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? '' : `${found.ino}:${found.mtimeNs}:${found.size}`;
}
