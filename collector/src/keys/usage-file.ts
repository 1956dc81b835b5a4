import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Type } from 'typebox';
import { SenderUsage } from './usage.ts';

const VERSION = 1;
const UsageFile = Type.Object(
  { version: Type.Literal(VERSION), keys: Type.Record(Type.String(), SenderUsage) },
  { additionalProperties: false },
);

/** Where what keys were used for is kept: counts and ids, no secrets. */
export function usageFilePath(dataDir: string): string {
  return join(dataDir, 'key-usage.json');
}

/** By id; nothing when there is no file. Throws when it is not as `saveUsage` writes it. */
export async function loadUsage(path: string): Promise<Map<string, SenderUsage>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  const value = JSON.parse(text) as { keys: Record<string, SenderUsage> };
  const ajv = new Ajv({ strict: false });
  if (!ajv.validate(UsageFile, value)) throw new Error(ajv.errorsText());
  return new Map(Object.entries(value.keys));
}

/** Replaces the file as a whole; the thread that takes requests does not wait for the disk. */
export async function saveUsage(path: string, usage: ReadonlyMap<string, SenderUsage>): Promise<void> {
  const text = `${JSON.stringify({ version: VERSION, keys: Object.fromEntries(usage) })}\n`;
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}
