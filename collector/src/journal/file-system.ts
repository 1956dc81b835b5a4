import fs from 'node:fs';
import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

/** An open file. Positions are bytes from its beginning. */
export interface JournalFile {
  /** Writes all of `chunks` one after another from `position`, or throws. */
  write(chunks: readonly Uint8Array[], position: number): Promise<void>;
  /** Resolves when everything written, and the size, is on disk (fdatasync). */
  sync(): Promise<void>;
  /** Fills `into` from `position`; fewer bytes than asked for only at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** What the journal needs of a disk; tests put one in its place that fails and forgets. */
export interface JournalFileSystem {
  makeFolder(path: string): Promise<void>;
  /** Names in the folder, sorted. */
  list(folder: string): Promise<string[]>;
  /** A new file; throws when it exists. */
  create(path: string): Promise<JournalFile>;
  open(path: string, access: 'read' | 'write'): Promise<JournalFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** Makes the names in the folder durable. */
  syncFolder(path: string): Promise<void>;
}

/** Whether an error says that there is no such file, and not that the disk or this process failed. */
export function isMissing(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

const writev = promisify(fs.writev);
const readFd = promisify(fs.read);
const fdatasync = promisify(fs.fdatasync);
const closeFd = promisify(fs.close);
const openFd = promisify(fs.open) as (path: string, flags: string, mode?: number) => Promise<number>;
const ftruncate = promisify(fs.ftruncate);
const fstat = promisify(fs.fstat);

/** The disk of this machine. Files are 0600 in folders of 0700. */
export const nodeFileSystem: JournalFileSystem = {
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  list: async (folder) => (await readdir(folder)).sort(),
  create: async (path) => fileOf(await openFd(path, 'wx+', 0o600)),
  open: async (path, access) => fileOf(await openFd(path, access === 'read' ? 'r' : 'r+')),
  rename,
  remove: (path) => rm(path, { force: true }),
  exists: (path) =>
    access(path).then(
      () => true,
      (error: Error) => !isMissing(error),
    ),
  async syncFolder(path) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

function fileOf(fd: number): JournalFile {
  return {
    async write(chunks, position) {
      let rest = chunks as readonly NodeJS.ArrayBufferView[];
      let at = position;
      while (rest.length > 0) {
        const { bytesWritten } = await writev(fd, rest, at);
        if (bytesWritten === 0) throw new Error('the disk took no more bytes');
        at += bytesWritten;
        rest = dropBytes(rest, bytesWritten);
      }
    },
    sync: () => fdatasync(fd),
    async read(into, position) {
      let filled = 0;
      while (filled < into.length) {
        const { bytesRead } = await readFd(fd, into, filled, into.length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    },
    truncate: (length) => ftruncate(fd, length),
    size: async () => (await fstat(fd)).size,
    close: () => closeFd(fd),
  };
}

function dropBytes(
  chunks: readonly NodeJS.ArrayBufferView[],
  count: number,
): readonly NodeJS.ArrayBufferView[] {
  let skip = 0;
  let left = count;
  while (skip < chunks.length && left >= chunks[skip]!.byteLength) left -= chunks[skip++]!.byteLength;
  if (left === 0) return chunks.slice(skip);
  const first = chunks[skip]!;
  const tail = new Uint8Array(first.buffer, first.byteOffset + left, first.byteLength - left);
  return [tail, ...chunks.slice(skip + 1)];
}
