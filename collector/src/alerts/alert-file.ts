import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Alert } from './alert.ts';
import { fromLine } from './alert-line.ts';

const NAME = 'alerts.jsonl';
const HEAD = 'signalbox alerts 1';

export interface FileContent {
  alerts: Alert[];
  /** What is wrong with the file, in words; null when nothing is. */
  damage: string | null;
}

/** The file of the book in `folder`; replaced as a whole, so that it is there as before or as after. */
export interface AlertFile {
  readonly path: string;
  /** What of it can be used; nothing when there is none yet. Never throws. */
  read(): Promise<FileContent>;
  /** Keeps the damaged file beside, instead of the one kept before. Returns its path. */
  setAside(): Promise<string>;
  /** Resolves when the lines, each with its line break, are on disk in place of those before. */
  write(lines: readonly string[]): Promise<void>;
}

export function createAlertFile(folder: string): AlertFile {
  const path = join(folder, NAME);
  return {
    path,
    read: () =>
      readFile(path, 'utf8').then(parse, (error: NodeJS.ErrnoException) => ({
        alerts: [],
        damage: error.code === 'ENOENT' ? null : error.message,
      })),
    async setAside() {
      const aside = join(folder, `damaged-${NAME}`);
      await rename(path, aside);
      return aside;
    },
    async write(lines) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = join(folder, `.${NAME}.new`);
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(`${HEAD} ${lines.length}\n${lines.join('')}`);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await syncFolder(folder);
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function parse(text: string): FileContent {
  const [head, ...lines] = text.split('\n');
  const count = new RegExp(`^${HEAD} (\\d+)$`).exec(head ?? '')?.[1];
  if (count === undefined) return { alerts: [], damage: 'it does not begin as a file of alerts' };
  const read = lines.filter((line) => line !== '').map(fromLine);
  const alerts = read.filter((alert) => alert !== null);
  const lost = Math.max(Number(count), read.length) - alerts.length;
  return { alerts, damage: lost === 0 ? null : `${lost} of ${count} alerts in it cannot be read` };
}
