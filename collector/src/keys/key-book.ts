import { readFileSync, statSync } from 'node:fs';
import { underLock } from './file-lock.ts';
import { KeyError } from './key-error.ts';
import { checkSize, keyFilePath, MAX_KEYS, readKeys, unreadable, writeKeys } from './key-file.ts';
import { isDead, type KeyLimits, type KeyRecord } from './key-record.ts';
import { checkExpiry, checkGrace, checkName, checkTenant } from './key-rules.ts';
import { digestOfKey, makeKeyId, makeKeyText } from './key-text.ts';
import { replaceFile } from './whole-file.ts';

export interface NewKey {
  name: string;
  /** '' for the default tenant. */
  tenant: string;
  /** null: it does not expire. */
  expiresUnixMs: number | null;
  limits: KeyLimits;
  /** Who makes it, for people. */
  createdBy: string;
}

export interface KeyChange {
  name?: string | undefined;
  limits?: Partial<KeyLimits> | undefined;
}

/** `key` is told here and never again: only its hash is kept. */
export interface MadeKey {
  key: string;
  record: KeyRecord;
}

/**
 * The API keys of senders, in a file; every process that may write it can have a book of its own. What cannot be done
 * is thrown as KeyError. A running Signalbox knows of a change within a second.
 */
export interface KeyBook {
  /** As on disk now, oldest first. */
  list(): readonly KeyRecord[];
  create(made: NewKey): Promise<MadeKey>;
  /** Makes a new key in the place of the old one, which holds for `graceMs` longer; an older one ends at once. */
  rotate(id: string, options: { graceMs: number }): Promise<MadeKey>;
  /** At once and for good. Twice is harmless. */
  revoke(id: string): Promise<KeyRecord>;
  update(id: string, change: KeyChange): Promise<KeyRecord>;
}

/** `nowMs`: milliseconds since 1970 UTC. */
export function openKeyBook(dataDir: string, { nowMs = Date.now }: { nowMs?(): number } = {}): KeyBook {
  const path = keyFilePath(dataDir);
  const list = () => loadKeys(path);

  function change<T>(work: (keys: readonly KeyRecord[]) => { keys: readonly KeyRecord[]; result: T }) {
    return underLock(`${path}.lock`, () => {
      const { keys, result } = work(list());
      replaceFile(path, writeKeys(keys));
      return result;
    });
  }

  /** Puts what `replace` makes of a key in its place. */
  const changeOne = (id: string, replace: (key: KeyRecord, all: readonly KeyRecord[]) => KeyRecord) =>
    change((keys) => {
      const index = keys.findIndex((key) => key.id === id);
      if (index < 0) throw new KeyError('not_found', `There is no key ${JSON.stringify(id.slice(0, 40))}.`);
      const result = replace(keys[index]!, keys);
      return { keys: keys.with(index, result), result };
    });

  return {
    list,
    create({ createdBy, expiresUnixMs, limits, name, tenant }) {
      return change((keys) => {
        const now = nowMs();
        checkName(name);
        checkTenant(tenant);
        checkExpiry(expiresUnixMs, now);
        const kept = makeRoom(keys, now);
        refuseSecond(kept, name, now);
        const id = newId(kept);
        const key = makeKeyText(id);
        const times = { createdUnixMs: now, issuedUnixMs: now, expiresUnixMs, revokedUnixMs: null };
        const about = { id, name, tenant, createdBy: createdBy.slice(0, 200), limits };
        const record: KeyRecord = { ...about, ...secretOf(key), ...times, previous: null };
        return { keys: [...kept, record], result: { key, record } };
      });
    },
    async rotate(id, { graceMs }) {
      checkGrace(graceMs);
      let key = '';
      const record = await changeOne(id, (old) => {
        const now = nowMs();
        refuseDead(old, now);
        key = makeKeyText(id);
        const previous = { hash: old.hash, last4: old.last4, untilUnixMs: now + graceMs };
        return { ...old, ...secretOf(key), issuedUnixMs: now, previous };
      });
      return { key, record };
    },
    revoke: (id) => changeOne(id, (key) => ({ ...key, revokedUnixMs: key.revokedUnixMs ?? nowMs() })),
    update: (id, { limits = {}, name }) =>
      changeOne(id, (key, all) => {
        if (name !== undefined) {
          checkName(name);
          refuseSecond(
            all.filter((other) => other !== key),
            name,
            nowMs(),
          );
        }
        return { ...key, name: name ?? key.name, limits: { ...key.limits, ...limits } };
      }),
  };
}

/** The keys in a file; none when it is not there. Throws KeyError when it cannot be read. */
export function loadKeys(path: string): KeyRecord[] {
  let text: string;
  try {
    checkSize(statSync(path).size, path);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof KeyError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw unreadable(path, code ?? 'unreadable');
  }
  return readKeys(text, path);
}

function secretOf(key: string): Pick<KeyRecord, 'hash' | 'last4'> {
  return { hash: digestOfKey(key).toString('hex'), last4: key.slice(-4) };
}

function newId(keys: readonly KeyRecord[]): string {
  const id = makeKeyId();
  return keys.some((key) => key.id === id) ? newId(keys) : id;
}

/** When the book is full, the key that is dead and oldest makes room. */
function makeRoom(keys: readonly KeyRecord[], nowMs: number): readonly KeyRecord[] {
  if (keys.length < MAX_KEYS) return keys;
  const gone = keys.findIndex((key) => isDead(key, nowMs));
  if (gone < 0) throw new KeyError('full', `There are ${MAX_KEYS} keys. Revoke some that nobody uses.`);
  return keys.toSpliced(gone, 1);
}

function refuseSecond(keys: readonly KeyRecord[], name: string, nowMs: number): void {
  const same = keys.find((key) => key.name === name && !isDead(key, nowMs));
  if (same === undefined) return;
  const message = `There is a key named ${JSON.stringify(name)} already, ${same.id}. Take another name, or rotate that key.`;
  throw new KeyError('exists', message, 'name');
}

function refuseDead(key: KeyRecord, nowMs: number): void {
  if (!isDead(key, nowMs)) return;
  const how = key.revokedUnixMs === null ? 'has expired' : 'was revoked';
  throw new KeyError('invalid', `The key ${key.id} ${how}, and stays so. Make a new one.`);
}
