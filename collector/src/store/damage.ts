import type { DuckDBConnection } from '@duckdb/node-api';
import { looksDamaged } from './looks-damaged.ts';
import type { Partitions } from './partitions.ts';
import { TABLES } from './sql-files.ts';

/** Reads every partition whole and sets those aside that cannot be read. Run it between commits. */
export async function findDamage(partitions: Partitions, connection: DuckDBConnection): Promise<void> {
  for (const file of [...partitions.list()]) {
    try {
      for (const table of TABLES) {
        // The hash alone would not do: what nobody uses is not read.
        await connection.run(`SELECT bit_xor(hash(one)) FROM ${file.catalog}.${table} AS one`);
      }
    } catch (error) {
      if (looksDamaged(error as Error)) await partitions.setAside(file, (error as Error).message);
    }
  }
}
