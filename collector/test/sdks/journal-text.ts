import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which of these names stand uncompressed in the journal of a running program: what came as gzip stays gzip. */
export async function plainInJournal(dataDir: string, names: readonly string[]): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'journal'), { recursive: true, withFileTypes: true });
  const segments = entries.filter(({ name }) => name.endsWith('.seg'));
  const bytes = await Promise.all(segments.map(({ parentPath, name }) => readFile(join(parentPath, name))));
  return names.filter((name) => bytes.some((segment) => segment.includes(name)));
}
