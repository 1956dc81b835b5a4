import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { OperatorError } from '#core/errors.ts';
import { sqlString } from './duckdb.ts';
import { looksDamaged } from './looks-damaged.ts';
import {
  byAge,
  listPartitionFiles,
  type PartitionFile,
  partitionBytes,
  partitionFile,
} from './partition-file.ts';
import { ensureSchema, MIGRATIONS, type Migration, NewerSchemaError } from './schema-version.ts';
import { TABLES } from './sql-files.ts';
import { unusableFile } from './unusable-file.ts';

/** What happened to a file that could not be used. */
export interface DamagedPartition {
  day: string;
  path: string;
  reason: string;
}

/** The attached files of the store and the views `spans`, `logs`, … over all of them. */
export interface Partitions {
  /** Attached files, oldest first. */
  list(): readonly PartitionFile[];
  /** Files that were set aside since start. */
  damaged(): readonly DamagedPartition[];
  /** The newest file of `day`, made when there is none or when somebody removed it. */
  openDay(day: string): Promise<PartitionFile>;
  /** A further file for `day`, when the newest has grown large. */
  openNextPart(day: string): Promise<PartitionFile>;
  /** Unlinks a file and forgets it. */
  drop(file: PartitionFile): Promise<void>;
  /** Moves a file that cannot be read out of the way, under a name that says so. */
  setAside(file: PartitionFile, reason: string): Promise<DamagedPartition>;
  totalBytes(): number;
}

export interface PartitionsDeps {
  folder: string;
  connection: DuckDBConnection;
  onDamaged: (damaged: DamagedPartition) => void;
  /** Somebody removed a file in use: what it held is lost. */
  onRemoved?: (error: Error) => void;
  migrations?: readonly Migration[];
}

/**
 * Attaches every file of the folder. A damaged file is set aside and reported. A file that is of a newer layout,
 * locked by another process, or not to be opened for any other reason throws OperatorError: its data is in order.
 */
export async function openPartitions(deps: PartitionsDeps): Promise<Partitions> {
  const { connection, folder } = deps;
  const attached: PartitionFile[] = [];
  const damaged: DamagedPartition[] = [];

  const attach = async (file: PartitionFile) => {
    await connection.run(`ATTACH ${sqlString(file.path)} AS ${file.catalog}`);
    try {
      await ensureSchema(connection, file.catalog, deps.migrations ?? MIGRATIONS);
    } catch (error) {
      await connection.run(`DETACH ${file.catalog}`).catch(() => undefined);
      throw error;
    }
    attached.push(file);
    attached.sort(byAge);
  };
  const moveAway = (file: PartitionFile, reason: string): DamagedPartition => {
    const path = `${file.path}.damaged-${Date.now()}`;
    renameSync(file.path, path);
    try {
      renameSync(`${file.path}.wal`, `${path}.wal`);
    } catch {
      // There is a write-ahead log only when the last stop was not clean.
    }
    const report = { day: file.day, path, reason };
    damaged.push(report);
    deps.onDamaged(report);
    return report;
  };
  const detach = async (file: PartitionFile) => {
    attached.splice(attached.indexOf(file), 1);
    await makeViews(connection, attached);
    await connection.run(`DETACH ${file.catalog}`);
  };
  const add = async (file: PartitionFile) => {
    await attach(file).catch((error: Error) => {
      throw unusableFile(file.path, error);
    });
    await makeViews(connection, attached);
    return file;
  };

  /** An open file outlives its name, so that without this commits would succeed and be gone after the next start. */
  const isStillThere = async (file: PartitionFile) => {
    if (existsSync(file.path)) return true;
    deps.onRemoved?.(new Error(`${file.path} was removed while in use; what it held is lost`));
    // Detaching writes a checkpoint, which fails where the folder is gone too; the file is detached all the same.
    await detach(file).catch(() => undefined);
    return false;
  };

  for (const file of listPartitionFiles(folder)) {
    try {
      await attach(file);
    } catch (error) {
      if (error instanceof NewerSchemaError) throw newerLayout(file, error);
      if (!looksDamaged(error as Error)) throw unusableFile(file.path, error as Error);
      moveAway(file, (error as Error).message);
    }
  }
  await makeViews(connection, attached);

  const newest = (day: string) => attached.findLast((file) => file.day === day);
  return {
    list: () => attached,
    damaged: () => damaged,
    async openDay(day) {
      for (let file = newest(day); file !== undefined; file = newest(day)) {
        if (await isStillThere(file)) return file;
      }
      return add(partitionFile(folder, day, 1));
    },
    openNextPart: (day) => add(partitionFile(folder, day, (newest(day)?.part ?? 0) + 1)),
    async drop(file) {
      await detach(file);
      rmSync(file.path, { force: true });
      rmSync(`${file.path}.wal`, { force: true });
    },
    async setAside(file, reason) {
      await detach(file);
      return moveAway(file, reason);
    },
    totalBytes: () => attached.reduce((sum, file) => sum + partitionBytes(file), 0),
  };
}

function newerLayout(file: PartitionFile, error: Error): OperatorError {
  return new OperatorError(
    `${file.path} ${error.message}. Start the newer Signalbox that wrote it, or move the file away.`,
  );
}

async function makeViews(connection: DuckDBConnection, files: readonly PartitionFile[]): Promise<void> {
  if (files.length === 0) return;
  for (const table of TABLES) {
    const selects = files.map((file) => `SELECT * FROM ${file.catalog}.${table}`);
    await connection.run(`CREATE OR REPLACE VIEW memory.main.${table} AS ${selects.join(' UNION ALL ')}`);
  }
}
