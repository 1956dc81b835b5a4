import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Admission, Credentials } from '#core/gate.ts';
import { type KeysConfig, keysSchema } from './config.ts';
import type { NewKey } from './key-book.ts';
import { type KeyLimits, NO_OWN_LIMITS } from './key-record.ts';

/** A data folder that goes with the test. */
export function createDataDir(scope: { after(end: () => void): void }): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'keys-'));
  scope.after(() => rmSync(dataDir, { recursive: true }));
  return dataDir;
}

/** The section with its defaults, as the configuration gives it. */
export function keysConfig(values: Record<string, unknown> = {}): KeysConfig {
  const value = structuredClone(values);
  const ajv = new Ajv({ useDefaults: true, strict: false });
  if (!ajv.validate(keysSchema, value)) throw new Error(ajv.errorsText());
  return value as unknown as KeysConfig;
}

export function newKey(
  name: string,
  more: Partial<Omit<NewKey, 'limits'>> & { limits?: Partial<KeyLimits> } = {},
) {
  const limits = { ...NO_OWN_LIMITS, ...more.limits };
  return { tenant: '', expiresUnixMs: null, createdBy: 'tester', ...more, name, limits };
}

export const NO_CREDENTIALS: Credentials = { authorization: undefined, apiKey: undefined };
export const asApiKey = (apiKey: string): Credentials => ({ ...NO_CREDENTIALS, apiKey });
export const asBearer = (key: string): Credentials => ({ ...NO_CREDENTIALS, authorization: `Bearer ${key}` });

/** The sender that was let in. */
export function senderOf(admission: Admission) {
  if (admission.kind !== 'admitted') throw new Error(`not let in: ${admission.message}`);
  return admission.sender;
}

/** What was told to the sender that was not let in, as one text. */
export function refusalOf(admission: Admission): string {
  if (admission.kind === 'admitted') throw new Error('it was let in');
  const wait = admission.kind === 'too_much' ? ` (${admission.retryAfterSeconds} s)` : '';
  return `${admission.kind}: ${admission.message}${wait}`;
}
