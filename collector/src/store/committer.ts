import type { DuckDBConnection } from '@duckdb/node-api';
import type { Connection } from '@duckdb/node-bindings';
import { ACCEPTED, type Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import { createDayTables, type DayTables } from './day-tables.ts';
import { type PartitionFile, utcDay } from './partition-file.ts';
import type { Partitions } from './partitions.ts';
import { writeRequest } from './write-request.ts';

export interface CommitterDeps {
  connection: DuckDBConnection;
  handle: Connection;
  partitions: Partitions;
  /** A commit failed and was rolled back; its senders were told to come back. */
  onFailure: (error: Error) => void;
}

export const RETRY_SECONDS = 5;

/**
 * Writes payloads into the file of the day on which the first of them arrived, in one transaction:
 * accepted once that is on disk. Not to be called again before it has answered.
 */
export function createCommitter(deps: CommitterDeps): (payloads: readonly Payload[]) => Promise<Outcome> {
  const { connection } = deps;
  let current: { file: PartitionFile; tables: DayTables } | null = null;
  const tablesOf = async (payload: Payload): Promise<DayTables> => {
    const file = await deps.partitions.openDay(utcDay(payload.receivedUnixNano));
    // A file that was set aside can have a successor of the same name.
    if (current?.file !== file) current = { file, tables: createDayTables(deps.handle, file.catalog) };
    return current.tables;
  };
  return async (payloads) => {
    let open: DayTables | null = null;
    try {
      open = await tablesOf(payloads[0]!);
      await connection.run('BEGIN TRANSACTION');
      for (const payload of payloads) await writeRequest(open, payload);
      open.flush();
      await connection.run('COMMIT');
      open.commit();
      return ACCEPTED;
    } catch (error) {
      open?.rollback();
      await connection.run('ROLLBACK').catch(() => undefined);
      deps.onFailure(error as Error);
      return {
        kind: 'retry_after',
        seconds: RETRY_SECONDS,
        reason: 'the store could not write; see its log',
      };
    }
  };
}
