import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '#core/errors.ts';

export interface Tokens {
  /** For people, and for programs that act for them. */
  operator: string;
  /** For machines: Prometheus' scrape and Alertmanager's webhook. */
  machine: string;
  /** Of the keyed hashes that stand in the place of ids. */
  hashKey: string;
}

/**
 * Reads the tokens in `<dataDir>/secrets`, or makes them (32 random bytes, mode 0600). A configured
 * one goes first and is not written down. Throws OperatorError when the folder cannot be used.
 */
export function openTokens(dataDir: string, configured: Tokens): Tokens {
  const folder = join(dataDir, 'secrets');
  try {
    makeFolder(resolve(folder));
    return {
      operator: configured.operator || openToken(join(folder, 'operator-token')),
      machine: configured.machine || openToken(join(folder, 'machine-token')),
      hashKey: configured.hashKey || openToken(join(folder, 'hash-key')),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OperatorError(
      `Cannot write to the data folder ${dataDir} (${code}). ` +
        'Give its owner write access, or choose another with data_dir or SIGNALBOX_DATA_DIR.',
    );
  }
}

/** With its parents. Node's own `recursive` never returns below /proc, where nothing can be made. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function openToken(path: string): string {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token !== '') return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(32).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}
