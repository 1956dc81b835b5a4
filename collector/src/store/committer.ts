import type { DuckDBConnection } from '@duckdb/node-api';
import type { Connection } from '@duckdb/node-bindings';
import type { Payload } from '#core/payload.ts';
import type { Progress } from '#core/progress.ts';
import type { Signal } from '#core/signal.ts';
import { createDayTables, type DayTables } from './day-tables.ts';
import { sqlString } from './duckdb.ts';
import { type PartitionFile, utcDay } from './partition-file.ts';
import type { Partitions } from './partitions.ts';
import { writeRequest } from './write-request.ts';

/** How far the store is in the journal of one signal. */
export interface SignalProgress {
  signal: Signal;
  progress: Progress;
}

export interface CommitterDeps {
  connection: DuckDBConnection;
  handle: Connection;
  partitions: Partitions;
  /** The UTC day that progress without rows is written to. */
  today(): string;
  /** A commit failed and was rolled back. */
  onFailure: (error: Error) => void;
}

/**
 * Writes payloads into the file of the day on which the first of them arrived, and `progress` with them, in one
 * transaction. Rejects when it is not on disk. Not to be called again before it has ended.
 */
export function createCommitter(
  deps: CommitterDeps,
): (payloads: readonly Payload[], progress: SignalProgress | null) => Promise<void> {
  const { connection } = deps;
  let current: { file: PartitionFile; tables: DayTables } | null = null;
  const tablesOf = async (first: Payload | undefined): Promise<DayTables> => {
    const day = first === undefined ? deps.today() : utcDay(first.receivedUnixNano);
    const file = await deps.partitions.openDay(day);
    // A file that was set aside can have a successor of the same name.
    if (current?.file !== file) current = { file, tables: createDayTables(deps.handle, file.catalog) };
    return current.tables;
  };
  return async (payloads, progress) => {
    let open: DayTables | null = null;
    try {
      open = await tablesOf(payloads[0]);
      await connection.run('BEGIN TRANSACTION');
      for (const payload of payloads) await writeRequest(open, payload);
      open.flush();
      if (progress !== null) await writeProgress(connection, open.catalog, progress);
      await connection.run('COMMIT');
      open.commit();
    } catch (error) {
      open?.rollback();
      await connection.run('ROLLBACK').catch(() => undefined);
      deps.onFailure(error as Error);
      throw error;
    }
  };
}

async function writeProgress(
  connection: DuckDBConnection,
  catalog: string,
  { progress, signal }: SignalProgress,
): Promise<void> {
  const { journalId, sequence } = progress;
  const where = `signal = ${sqlString(signal)}`;
  await connection.run(`DELETE FROM ${catalog}.progress WHERE ${where}`);
  const values = [sqlString(signal), sqlString(journalId), sequence, sqlString(JSON.stringify(progress))];
  await connection.run(`INSERT INTO ${catalog}.progress VALUES (${values.join(', ')})`);
}
