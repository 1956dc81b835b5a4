import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#config/load.ts';
import type { Config } from '#config/schema.ts';
import { UsageError } from './options.ts';

/** The configuration as the collector reads it. Throws UsageError with all its mistakes. */
export function readConfig(file: string | undefined): Config {
  const loaded = loadConfig({ file, environment: process.env });
  if (loaded.ok) return loaded.config;
  const told = loaded.mistakes.map(({ message, path }) => `  ${path}: ${message}`);
  throw new UsageError(`the configuration has mistakes:\n${told.join('\n')}`);
}

/** The key of keyed hashes: as configured, else the one in the data folder, else a random one, and then why. */
export function findHashKey({ data_dir, redact }: Config): { hashKey: string; note: string } {
  if (redact.hash_key !== '') return { hashKey: redact.hash_key, note: '' };
  const path = join(data_dir, 'secrets/hash-key');
  const random = randomBytes(32).toString('base64url');
  try {
    const hashKey = readFileSync(path, 'utf8').trim();
    return hashKey === ''
      ? { hashKey: random, note: `${path} is empty: hashes are made with a random key, for this run only` }
      : { hashKey, note: '' };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return {
      hashKey: random,
      note: `no key in ${path} (${reason}): hashes are made with a random key, for this run only`,
    };
  }
}
