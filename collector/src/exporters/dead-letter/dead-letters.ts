import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signal } from '#core/signal.ts';
import type { DeadLetters } from '../frame/dead-letters.ts';
import { replaceFile, syncFolder } from '../frame/durable-file.ts';
import { aboutLetter, ENDINGS, isFrom, nameOf, nameOfFile, readAbout, WATCH_FILE } from './letter-file.ts';
import { createRoom } from './room.ts';

export interface DeadLettersConfig {
  dataDir: string;
  destination: string;
  signal: Signal;
  /** Most that the folder may take on disk; above it the oldest letters go. */
  maxBytes?: number;
}

const GIB = 1024 * 1024 * 1024;

// A folder's time may stand still for as long as its file system's clock ticks.
const TICK_MS = 1000;

/** null instead of a file or folder that is not there. */
async function ifThere<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** The folder of one destination's and signal's dead letters. */
export function deadLetterFolder(dataDir: string, of: { destination: string; signal: Signal }): string {
  return join(dataDir, 'dead-letter', of.destination, of.signal);
}

/** Keeps dead letters in `<dataDir>/dead-letter/<destination>/<signal>`: NAME.json and NAME.pb each. */
export function createDeadLetters({ dataDir, maxBytes = GIB, ...of }: DeadLettersConfig): DeadLetters {
  const folder = deadLetterFolder(dataDir, of);
  const room = createRoom({ folder, signal: of.signal, maxBytes });
  const pathOf = (name: string, ending: string) => join(folder, name + ending);
  let seen = { changedMs: 0, atMs: 0 };

  const read: DeadLetters['read'] = async (name) => {
    const text = await readFile(pathOf(name, ENDINGS.about), 'utf8').catch(() => null);
    try {
      return text === null ? null : readAbout(text, of.signal);
    } catch {
      return null;
    }
  };

  return {
    read,
    async put(letter, bytes) {
      const name = nameOf(letter);
      const about = aboutLetter(letter, { ...of, at: new Date(Date.now()).toISOString() });
      await replaceFile({ folder, name: name + ENDINGS.about }, about);
      await replaceFile({ folder, name: name + ENDINGS.request }, bytes);
      await syncFolder(folder);
      return room.add(name, bytes.length);
    },
    async dropUncounted(from, isCounted) {
      const names = (await ifThere(readdir(folder))) ?? [];
      for (const file of names) {
        const name = nameOfFile(file, ENDINGS.about);
        if (name === null || !isFrom(name, from)) continue;
        const letter = await read(name);
        if (letter !== null && !isCounted(letter)) await room.remove(name);
      }
    },
    async watch() {
      const path = join(folder, WATCH_FILE);
      const atS = Date.now() / 1000;
      if ((await ifThere(stat(folder))) === null) return;
      if ((await ifThere(utimes(path, atS, atS).then(() => true))) === null)
        await writeFile(path, '', { mode: 0o600 });
    },
    async marked(max) {
      const changedMs = (await ifThere(stat(folder)))?.mtimeMs;
      if (changedMs === undefined) return [];
      if (changedMs === seen.changedMs && seen.atMs - changedMs > TICK_MS) return [];
      const atMs = Date.now();
      const files = (await ifThere(readdir(folder))) ?? [];
      const names = files.map((file) => nameOfFile(file, ENDINGS.marked)).filter((name) => name !== null);
      if (names.length === 0) seen = { changedMs, atMs };
      return names.sort().slice(0, max);
    },
    load: (name) => ifThere(readFile(pathOf(name, ENDINGS.marked))),
    async setAside(name) {
      const marked = pathOf(name, ENDINGS.marked);
      await ifThere(rename(marked, `${marked}.unreadable`));
    },
    async finish(name) {
      const wasPutAgain = (await ifThere(stat(pathOf(name, ENDINGS.request)))) !== null;
      if (wasPutAgain) await rm(pathOf(name, ENDINGS.marked), { force: true });
      else await room.remove(name);
      await ifThere(syncFolder(folder));
    },
  };
}
