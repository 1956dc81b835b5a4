import { accessSync, constants, mkdirSync } from 'node:fs';
import type { Clock } from '#core/clock.ts';
import { OperatorError } from '#core/errors.ts';
import type { Payload } from '#core/payload.ts';
import type { Progress } from '#core/progress.ts';
import type { Signal } from '#core/signal.ts';
import type { SignalProgress } from './committer.ts';
import type { StoreConfig } from './config.ts';
import { findDamage } from './damage.ts';
import { type DuckDb, openDuckDb } from './duckdb.ts';
import { type ExpiredItems, openExpiredCounter } from './expired.ts';
import { looksDamaged } from './looks-damaged.ts';
import { partitionBytes, utcDay } from './partition-file.ts';
import { openPartitions, type Partitions } from './partitions.ts';
import { createReader, type ReadParams, type Row } from './reader.ts';
import { enforceRetention } from './retention.ts';
import { readQuery } from './sql-files.ts';
import { createWriter } from './writer.ts';

/** What the store tells about itself. `bytes` are on disk, write-ahead logs included. */
export interface StoreStats {
  bytes: number;
  days: { day: string; bytes: number; state: string }[];
  expired: ExpiredItems[];
}

export interface Store {
  /**
   * Resolves once the rows of `payloads` are on disk, and with them how far the store is in the journal they came
   * from; rejects when they are not, and then none of it is.
   */
  write(payloads: readonly Payload[], progress?: SignalProgress): Promise<void>;
  /** How far the store is in the journal of that id; null when it has nothing of it. */
  loadProgress(signal: Signal, journalId: string): Promise<Progress | null>;
  /** Runs SQL over the views `spans`, `logs`, `series`, `points`, `resources` and `scopes`. */
  read(sql: string, params: ReadParams, signal?: AbortSignal): Promise<Row[]>;
  /** Calls `listener` after each commit; returns how to stop that. */
  onCommit(listener: (payloads: readonly Payload[]) => void): () => void;
  stats(): StoreStats;
  /** Applies the caps now; the store does it every minute by itself. */
  enforceRetention(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreEvents {
  damaged(report: { day: string; path: string; reason: string }): void;
  expired(report: { name: string; reason: string; items: ExpiredItems[] }): void;
  failed(report: { what: string; error: Error }): void;
}

export interface StoreDeps {
  folder: string;
  clock: Clock;
  events: StoreEvents;
  queryTimeoutMs: number;
}

const RETENTION_INTERVAL_MS = 60_000;
const READ_CONNECTIONS = 4;
const MAX_WAITING_READS = 64;

/** Opens the store in `deps.folder`, made when missing. Throws OperatorError when the folder cannot be used. */
export async function createStore(config: StoreConfig, deps: StoreDeps): Promise<Store> {
  const { clock, events, folder } = deps;
  requireFolder(folder);
  const { database, connection, handle, partitions } = await openFiles(config, deps);
  const listeners = new Set<(payloads: readonly Payload[]) => void>();
  const expired = openExpiredCounter(folder);
  const writer = createWriter({
    connection,
    handle,
    partitions,
    today: () => utcDay(clock()),
    onCommit(payloads) {
      for (const listener of listeners) listener(payloads);
    },
    onFailure: (error) => {
      events.failed({ what: 'write', error });
      searchWhenDamaged(error);
    },
  });
  const searchWhenDamaged = createDamageSearch(() =>
    writer.exclusively(async () => {
      await findDamage(partitions, connection);
      await partitions.openDay(utcDay(clock()));
    }),
  );
  const reader = await createReader(
    database,
    { connections: READ_CONNECTIONS, timeoutMs: deps.queryTimeoutMs, maxWaiting: MAX_WAITING_READS },
    (error) => searchWhenDamaged(error),
  );
  const retain = () =>
    writer.exclusively(async () => {
      const count = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
      const dropped = await enforceRetention(config, { partitions, clock, expired, count });
      for (const { file, items, reason } of dropped) events.expired({ name: file.name, reason, items });
    });
  const timer = setInterval(() => {
    retain().catch((error: Error) => events.failed({ what: 'retention', error }));
  }, RETENTION_INTERVAL_MS);
  timer.unref();

  return {
    write: (payloads, progress) => writer.write(payloads, progress ?? null),
    async loadProgress(signal, journalId) {
      const [row] = await reader.read(readQuery('progress'), { signal, journalId });
      return row === undefined ? null : (JSON.parse(String(row.progress)) as Progress);
    },
    read: (sql, params, signal) => reader.read(sql, params, signal),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stats: () => ({
      bytes: partitions.totalBytes(),
      days: [
        ...partitions.list().map((file) => ({ day: file.day, bytes: partitionBytes(file), state: 'ok' })),
        ...partitions
          .damaged()
          .map(({ day, path }) => ({ day, bytes: 0, state: `damaged, set aside as ${path}` })),
      ],
      expired: expired.list(),
    }),
    enforceRetention: retain,
    async close() {
      clearInterval(timer);
      await writer.close();
      await reader.close();
      connection.closeSync();
      database.close();
    },
  };
}

interface OpenFiles {
  database: DuckDb;
  connection: Awaited<ReturnType<DuckDb['connectRaw']>>['connection'];
  handle: Awaited<ReturnType<DuckDb['connectRaw']>>['handle'];
  partitions: Partitions;
}

async function openFiles(config: StoreConfig, { clock, events, folder }: StoreDeps): Promise<OpenFiles> {
  const database = await openDuckDb(folder, config);
  const { connection, handle } = await database.connectRaw();
  try {
    const partitions = await openPartitions({
      folder,
      connection,
      onDamaged: events.damaged,
      onRemoved: (error) => events.failed({ what: 'a file is gone', error }),
    });
    await partitions.openDay(utcDay(clock()));
    return { database, connection, handle, partitions };
  } catch (error) {
    connection.closeSync();
    database.close();
    throw error;
  }
}

/** Starts `search` when an error speaks of damage, one search at a time: many queries fail at once. */
function createDamageSearch(search: () => Promise<void>): (error: Error) => void {
  let searching = false;
  return (error) => {
    if (searching || !looksDamaged(error)) return;
    searching = true;
    const done = () => {
      searching = false;
    };
    search().then(done, done);
  };
}

function requireFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `Cannot write to the data folder ${folder} (${(error as NodeJS.ErrnoException).code}). ` +
        'Give its owner write access, or choose another with data_dir or SIGNALBOX_DATA_DIR.',
    );
  }
}
