import type { JournalFile } from './file-system.ts';

/** Files kept open for reading, so that not every record costs an open; never closed while somebody reads. */
export interface OpenFiles {
  use<T>(path: string, work: (file: JournalFile) => Promise<T>): Promise<T>;
  /** Closes files that `isKept` does not name, as soon as nobody reads them: an open file keeps its bytes on disk. */
  retire(isKept: (path: string) => boolean): void;
  close(): void;
}

interface Entry {
  opening: Promise<JournalFile>;
  users: number;
  isRetired: boolean;
}

const MAX_IDLE = 8;

export function createOpenFiles(open: (path: string) => Promise<JournalFile>): OpenFiles {
  const entries = new Map<string, Entry>();

  function closeEntry(path: string, entry: Entry): void {
    if (entries.get(path) === entry) entries.delete(path);
    entry.opening.then((file) => file.close()).catch(() => undefined);
  }

  function entryOf(path: string): Entry {
    const known = entries.get(path);
    if (known !== undefined) return known;
    const entry = { opening: open(path), users: 0, isRetired: false };
    entries.set(path, entry);
    entry.opening.catch(() => {
      if (entries.get(path) === entry) entries.delete(path);
    });
    return entry;
  }

  function release(path: string, entry: Entry): void {
    entry.users--;
    if (entry.users > 0) return;
    if (entry.isRetired) closeEntry(path, entry);
    const idle = [...entries].filter(([, { users }]) => users === 0);
    for (const [other, oldest] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE)))
      closeEntry(other, oldest);
  }

  return {
    async use(path, work) {
      const entry = entryOf(path);
      entry.users++;
      try {
        return await work(await entry.opening);
      } finally {
        release(path, entry);
      }
    },
    retire(isKept) {
      for (const [path, entry] of entries) {
        if (isKept(path)) continue;
        entry.isRetired = true;
        entries.delete(path);
        if (entry.users === 0) closeEntry(path, entry);
      }
    },
    close() {
      this.retire(() => false);
    },
  };
}
