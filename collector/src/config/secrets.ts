import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '#core/errors.ts';

export interface Tokens {
  /** For people, and for programs that act for them. */
  operator: string;
  /** For machines: Prometheus' scrape and Alertmanager's webhook. */
  machine: string;
}

/**
 * Reads the tokens in `<dataDir>/secrets`, or makes them (32 random bytes, mode 0600). A configured
 * operators' token goes first and is not written down. Throws OperatorError when the folder cannot be used.
 */
export function openTokens(dataDir: string, configured: string): Tokens {
  const folder = join(dataDir, 'secrets');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return {
      operator: configured || openToken(join(folder, 'operator-token')),
      machine: openToken(join(folder, 'machine-token')),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OperatorError(
      `Cannot write to the data folder ${dataDir} (${code}). ` +
        'Give its owner write access, or choose another with data_dir or SIGNALBOX_DATA_DIR.',
    );
  }
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
