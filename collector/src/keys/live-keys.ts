import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '#self/log-record.ts';
import { loadKeys } from './key-book.ts';
import { KeyError } from './key-error.ts';
import { checkSize, readKeys, unreadable } from './key-file.ts';
import type { KeyRecord } from './key-record.ts';

/** A key as the gate compares it. */
export interface LiveKey {
  record: KeyRecord;
  /** 32 bytes. */
  digest: Buffer;
  /** Of the key before it was rotated; null when it was not. */
  previousDigest: Buffer | null;
}

/** The keys of a file as they are on disk, at most some hundred milliseconds late. */
export interface LiveKeys {
  find(id: string): LiveKey | undefined;
  size(): number;
  /** Why the file cannot be read now; null when it can. What was known before holds meanwhile. */
  failure(): string | null;
  stop(): void;
}

export interface LiveKeysDeps {
  logger: Logger;
  /** Default 250. */
  intervalMs?: number;
}

const INTERVAL_MS = 250;

/** Looks at the file again and again, which also works where file systems tell of no changes. Throws KeyError at first. */
export function openLiveKeys(path: string, { intervalMs = INTERVAL_MS, logger }: LiveKeysDeps): LiveKeys {
  let keys = index(loadKeys(path));
  let isThere = keys.size > 0;
  let version: string | null = null;
  let failure: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;

  async function look(): Promise<void> {
    try {
      const now = await versionOf(path, isThere);
      if (now === version && failure === null) return;
      const text = now === '' ? null : await readFile(path, 'utf8');
      keys = text === null ? new Map() : index(readKeys(text, path));
      if (version !== null || failure !== null) logger.info('API keys were read anew', { keys: keys.size });
      isThere = text !== null;
      version = now;
      failure = null;
    } catch (error) {
      const { message } = error as Error;
      if (message === failure) return;
      failure = message;
      logger.warn('API keys cannot be read; those known before hold', { reason: message });
    }
  }
  const later = () => {
    if (isStopped) return;
    timer = setTimeout(() => void look().then(later), intervalMs);
    timer.unref();
  };
  later();

  return {
    find: (id) => keys.get(id),
    size: () => keys.size,
    failure: () => failure,
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Differs whenever the file was replaced; '' when there is none. Throws KeyError when there was one. */
async function versionOf(path: string, wasThere: boolean): Promise<string> {
  try {
    const { ctimeNs, ino, mtimeNs, size } = await stat(path, { bigint: true });
    checkSize(Number(size), path);
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    if (error instanceof KeyError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !wasThere) return '';
    throw unreadable(path, code === 'ENOENT' ? 'it is gone' : (code ?? 'unreadable'));
  }
}

function index(records: readonly KeyRecord[]): Map<string, LiveKey> {
  return new Map(
    records.map((record) => [
      record.id,
      {
        record,
        digest: Buffer.from(record.hash, 'hex'),
        previousDigest: record.previous === null ? null : Buffer.from(record.previous.hash, 'hex'),
      },
    ]),
  );
}
