import type { DuckDBConnection } from '@duckdb/node-api';
import type { Partitions } from './partitions.ts';
import { TABLES } from './sql-files.ts';

/** Whether DuckDB's error speaks of bytes on disk that are not what was written. */
export function looksDamaged(error: Error): boolean {
  return /checksum|corrupt|could not read|deserialize/i.test(error.message);
}

/** Reads every partition whole and sets those aside that cannot be read. Run it between commits. */
export async function findDamage(partitions: Partitions, connection: DuckDBConnection): Promise<void> {
  for (const file of [...partitions.list()]) {
    try {
      for (const table of TABLES) {
        await connection.run(`SELECT hash(one) FROM ${file.catalog}.${table} AS one`);
      }
    } catch (error) {
      if (looksDamaged(error as Error)) await partitions.setAside(file, (error as Error).message);
    }
  }
}
