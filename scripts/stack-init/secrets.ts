import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere, writeFor } from './write-file.ts';

interface Secret {
  /** Of randomness. */
  bytes: number;
  volume: string;
  /** Another volume that has the same. */
  copy?: string;
  /** Whether it can be made anew with nothing but restarts; Grafana keeps the others in its database. */
  renewable: boolean;
}

const SECRETS = {
  'operator-token': { bytes: 32, volume: 'collector-secrets', renewable: true },
  'machine-token': { bytes: 32, volume: 'collector-secrets', copy: 'machine-secrets', renewable: true },
  'ingest-token': { bytes: 32, volume: 'caddy-secrets', renewable: true },
  'admin-password': { bytes: 18, volume: 'grafana-secrets', renewable: false },
  'secret-key': { bytes: 32, volume: 'grafana-secrets', renewable: false },
} as const satisfies Record<string, Secret>;

export type SecretName = keyof typeof SECRETS;
export const SECRET_NAMES = Object.keys(SECRETS) as SecretName[];
export const RENEWABLE = SECRET_NAMES.filter((name) => SECRETS[name].renewable);

/**
 * Makes what is not there yet, and those named in `renew`, with random values. What is there is kept. Answers
 * those that are new.
 */
export function makeSecrets(
  root: string,
  readers: Readonly<Record<string, number>>,
  renew: readonly SecretName[],
): SecretName[] {
  return SECRET_NAMES.filter((name) => {
    const { bytes, volume, ...rest }: Secret = SECRETS[name];
    const kept = renew.includes(name) ? null : readSecret(root, name);
    const value = kept ?? randomBytes(bytes).toString('base64url');
    for (const folder of [volume, ...(rest.copy === undefined ? [] : [rest.copy])]) {
      writeFor(readers[folder]!, join(root, folder, name), `${value}\n`);
    }
    return kept === null;
  });
}

/** Null when it has not been made. */
export function readSecret(root: string, name: SecretName): string | null {
  return readIfThere(join(root, SECRETS[name].volume, name))?.trim() || null;
}
