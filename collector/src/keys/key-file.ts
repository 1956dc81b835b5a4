import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { Type } from 'typebox';
import { KeyError } from './key-error.ts';
import { KeyRecord } from './key-record.ts';

const VERSION = 1;
/** So many fit into memory, into one file that is read anew after each change, and into metrics. */
export const MAX_KEYS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

const KeyFile = Type.Object(
  { version: Type.Literal(VERSION), keys: Type.Array(KeyRecord, { maxItems: MAX_KEYS }) },
  { additionalProperties: false },
);

let validate: ValidateFunction | null = null;

/** Where the keys of a data folder are. */
export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'secrets', 'keys.json');
}

export function writeKeys(keys: readonly KeyRecord[]): string {
  return `${JSON.stringify({ version: VERSION, keys }, null, 1)}\n`;
}

/** The keys in the text of a file. Throws KeyError when it is not as `writeKeys` makes it. */
export function readKeys(text: string, path: string): KeyRecord[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What JSON.parse says would quote the file.
    throw unreadable(path, 'it is not JSON');
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > VERSION) {
    throw unreadable(path, `it has version ${version}, and this Signalbox knows ${VERSION}`);
  }
  validate ??= new Ajv({ strict: false }).compile(KeyFile);
  if (!validate(value)) {
    const { instancePath, message } = validate.errors![0]!;
    throw unreadable(path, `${instancePath || 'the file'} ${message}`);
  }
  const { keys } = value as { keys: KeyRecord[] };
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw unreadable(path, 'two keys have one id');
  return keys;
}

/** Throws KeyError for a file that is larger than so many keys can be. */
export function checkSize(bytes: number, path: string): void {
  if (bytes > MAX_BYTES) throw unreadable(path, `it has ${bytes} bytes`);
}

export function unreadable(path: string, reason: string): KeyError {
  return new KeyError(
    'unavailable',
    `Cannot read the API keys in ${path}: ${reason}. Put back a whole copy of that file, or remove it to begin without keys.`,
  );
}
