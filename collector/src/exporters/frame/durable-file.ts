import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export interface FilePlace {
  folder: string;
  name: string;
}

/**
 * Writes a file (mode 0600, in a folder of mode 0700) that is there as a whole or not at all, its content on disk.
 * `syncFolder` makes its name durable.
 */
export async function replaceFile({ folder, name }: FilePlace, content: string | Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.${name}.new`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, name));
}
