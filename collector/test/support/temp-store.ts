import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Payload } from '#core/payload.ts';
import { createStoreQuery } from '#query/over-store/store-query.ts';
import type { Query } from '#query/query.ts';
import type { StoreConfig } from '#store/config.ts';
import { createStore, type Store } from '#store/store.ts';
import { EPOCH } from './otlp-payload.ts';

const MIB = 1024 * 1024;
const PREFIX = join(tmpdir(), 'signalbox-store-');

export const STORE_CONFIG: StoreConfig = {
  max_age_days: 14,
  max_bytes: 1024 * MIB,
  memory_limit_bytes: 256 * MIB,
  threads: 1,
  commit_interval_ms: 0,
};

/** What the store told its owner. */
export interface Reports {
  damaged: { day: string; path: string; reason: string }[];
  expired: { name: string; reason: string }[];
  failed: { what: string; error: Error }[];
}

export interface TempStore {
  folder: string;
  store: Store;
  query: Query;
  reports: Reports;
  /** Set `now` to move the store's clock, nanoseconds since 1970. */
  clock: { now: bigint };
  /** Offers payloads one after another; all must be accepted. */
  accept(...payloads: Payload[]): Promise<void>;
  /** The first column of the first row. */
  value(sql: string): Promise<unknown>;
  /** Once for the test, which does it itself at its end. */
  close(): Promise<void>;
}

interface Options {
  folder?: string;
  config?: Partial<StoreConfig>;
  now?: bigint;
  queryTimeoutMs?: number;
}

/** A signal that never aborts. */
export const NEVER: AbortSignal = new AbortController().signal;

export async function makeTempFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(PREFIX);
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store of its own for one test, in a folder that goes with it unless `folder` names another. */
export async function openTempStore(context: TestContext, options: Options = {}): Promise<TempStore> {
  const folder = options.folder ?? (await mkdtemp(PREFIX));
  const reports: Reports = { damaged: [], expired: [], failed: [] };
  const clock = { now: options.now ?? EPOCH };
  const store = await createStore(
    { ...STORE_CONFIG, ...options.config },
    {
      folder,
      clock: () => clock.now,
      queryTimeoutMs: options.queryTimeoutMs ?? 20_000,
      events: {
        damaged: (report) => reports.damaged.push(report),
        expired: (report) => reports.expired.push(report),
        failed: (report) => reports.failed.push(report),
      },
    },
  );
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await store.close();
  };
  context.after(async () => {
    await close();
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  });
  return {
    folder,
    store,
    query: createStoreQuery(store, () => clock.now),
    reports,
    clock,
    async accept(...payloads) {
      for (const payload of payloads) {
        await store.write([payload]);
      }
    },
    value: async (sql) => Object.values((await store.read(sql, {}))[0] ?? {})[0],
    close,
  };
}
