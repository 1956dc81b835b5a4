import { link, readdir, readFile, realpath, stat, unlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { deadLetterFolder } from '#exporters/dead-letter/dead-letters.ts';
import { ENDINGS, nameOfFile, readAbout, WATCH_FILE } from '#exporters/dead-letter/letter-file.ts';

/** The dead letters of one destination and signal as they are now. */
export interface LetterBox {
  destination: string;
  signal: Signal;
  folder: string;
  letters: { name: string; isMarked: boolean; items: number; reason: string }[];
}

const DESTINATION = /^[a-z][a-z0-9_-]{0,63}$/;

/** Throws when the word is no name of a destination: it becomes part of a path. */
export function requireDestination(word: string): string {
  if (DESTINATION.test(word)) return word;
  throw new Error(`"${word}" is no name of a destination; they are made of a-z, 0-9, _ and -`);
}

async function ifThere<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

/** The box's folder, or null when there is none. Throws when a link leads out of the data folder. */
async function findFolder(dataDir: string, destination: string, signal: Signal): Promise<string | null> {
  const root = await ifThere(realpath(dataDir));
  const folder = await ifThere(realpath(deadLetterFolder(dataDir, { destination, signal })));
  if (root === null || folder === null) return null;
  if (folder === deadLetterFolder(root, { destination, signal })) return folder;
  throw new Error(`${folder} is not inside of ${root}${sep}dead-letter; links are not followed`);
}

async function readLetter(box: { folder: string; signal: Signal }, name: string, isMarked: boolean) {
  try {
    const { info, reason } = readAbout(
      await readFile(join(box.folder, name + ENDINGS.about), 'utf8'),
      box.signal,
    );
    return { name, isMarked, items: info.items, reason };
  } catch {
    return { name, isMarked, items: 0, reason: 'its description cannot be read' };
  }
}

/** Reads a box; null when there is none. */
export async function openBox(
  dataDir: string,
  { destination, signal }: { destination: string; signal: Signal },
): Promise<LetterBox | null> {
  const folder = await findFolder(dataDir, requireDestination(destination), signal);
  if (folder === null) return null;
  const box: LetterBox = { destination, signal, folder, letters: [] };
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const marked = nameOfFile(entry.name, ENDINGS.marked);
    const name = marked ?? nameOfFile(entry.name, ENDINGS.request);
    if (name !== null) box.letters.push(await readLetter(box, name, marked !== null));
  }
  return box;
}

/** All boxes that hold letters, or those of one destination or signal. */
export async function openBoxes(
  dataDir: string,
  only: { destination?: string | undefined; signal?: Signal | undefined },
): Promise<LetterBox[]> {
  const found = (await ifThere(readdir(join(dataDir, 'dead-letter')))) ?? [];
  const destinations = found.filter((word) => DESTINATION.test(word) && (only.destination ?? word) === word);
  const boxes: LetterBox[] = [];
  for (const destination of destinations.sort())
    for (const signal of only.signal === undefined ? SIGNALS : [only.signal]) {
      const box = await openBox(dataDir, { destination, signal });
      if (box !== null && box.letters.length > 0) boxes.push(box);
    }
  return boxes;
}

/** Marks every letter of the box to be sent again; answers how many were not marked before. */
export async function markAll({ folder, letters }: LetterBox): Promise<number> {
  let marked = 0;
  for (const { name } of letters.filter(({ isMarked }) => !isMarked)) {
    const path = join(folder, name);
    try {
      // Unlike renaming this replaces nothing: a letter of that name may be on its way just now.
      await link(path + ENDINGS.request, path + ENDINGS.marked);
      await unlink(path + ENDINGS.request);
      marked++;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
    }
  }
  return marked;
}

/** How many letters of the box are marked now. */
export async function countMarked({ folder }: LetterBox): Promise<number> {
  const files = (await ifThere(readdir(folder))) ?? [];
  return files.filter((file) => nameOfFile(file, ENDINGS.marked) !== null).length;
}

/** Milliseconds since a running Signalbox looked for marked letters; Infinity when none ever did. */
export async function watchedAgoMs({ folder }: LetterBox): Promise<number> {
  const watched = await ifThere(stat(join(folder, WATCH_FILE)));
  return watched === null ? Number.POSITIVE_INFINITY : Date.now() - watched.mtimeMs;
}
