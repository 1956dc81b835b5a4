import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signal } from '#core/signal.ts';
import type { Evicted } from '../frame/dead-letters.ts';
import { ENDINGS, nameOfFile, readAbout } from './letter-file.ts';

/** Bounds what the letters in one folder take on disk. */
export interface Room {
  /** A letter was written; the oldest go when that is too much. Answers what went. */
  add(name: string, bytes: number): Promise<Evicted>;
  remove(name: string): Promise<void>;
}

const BLOCK_BYTES = 4096;

/** What a letter takes: its request and its description, in blocks, so that many small ones count too. */
function sizeOf(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES + BLOCK_BYTES;
}

export function createRoom({
  folder,
  signal,
  maxBytes,
}: {
  folder: string;
  signal: Signal;
  maxBytes: number;
}): Room {
  let opening: Promise<Map<string, number>> | null = null;
  let total = 0;
  const sizes = () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };

  async function open(): Promise<Map<string, number>> {
    const found = await findLetters(folder);
    // Oldest first, as a Map keeps the order in which it was filled.
    found.sort((a, b) => a.atMs - b.atMs);
    total = found.reduce((sum, { bytes }) => sum + sizeOf(bytes), 0);
    return new Map(found.map(({ name, bytes }) => [name, sizeOf(bytes)]));
  }

  async function remove(name: string): Promise<void> {
    const known = await sizes();
    total -= known.get(name) ?? 0;
    known.delete(name);
    for (const ending of Object.values(ENDINGS)) await rm(join(folder, name + ending), { force: true });
  }

  async function itemsOf(name: string): Promise<number> {
    try {
      return readAbout(await readFile(join(folder, name + ENDINGS.about), 'utf8'), signal).info.items;
    } catch {
      return 0;
    }
  }

  return {
    remove,
    async add(name, bytes) {
      const known = await sizes();
      total += sizeOf(bytes) - (known.get(name) ?? 0);
      known.delete(name);
      known.set(name, sizeOf(bytes));
      const evicted: Evicted = { letters: 0, items: 0 };
      for (const oldest of known.keys()) {
        if (total <= maxBytes || oldest === name) break;
        evicted.letters++;
        evicted.items += await itemsOf(oldest);
        await remove(oldest);
      }
      return evicted;
    },
  };
}

interface Found {
  name: string;
  bytes: number;
  atMs: number;
}

async function findLetters(folder: string): Promise<Found[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found: Found[] = [];
  for (const file of files) {
    const name = nameOfFile(file, ENDINGS.request) ?? nameOfFile(file, ENDINGS.marked);
    const about = name === null ? null : await stat(join(folder, file)).catch(() => null);
    if (name !== null && about !== null) found.push({ name, bytes: about.size, atMs: about.mtimeMs });
  }
  return found;
}
