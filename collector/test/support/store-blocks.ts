import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { BLOCK_SIZE, LOAD_METRIC, LOAD_SERVICE } from './load-payload.ts';

/** Items of one request of the load, as rows and by different ids. */
export interface BlockCount {
  rows: number;
  distinct: number;
}

/** By block, as in `Ledger`. */
export type StoreBlocks = Record<Signal, Map<number, BlockCount>>;

/** Rows of one file with the item's id as `id`. */
const IDS: Record<Signal, (file: string) => string> = {
  traces: (file) => `SELECT span_id AS id FROM ${file}.spans WHERE service = '${LOAD_SERVICE}'`,
  logs: (file) =>
    `SELECT CAST('0x' || substr(CAST(body AS VARCHAR), 2, 16) AS UBIGINT) AS id
     FROM ${file}.logs WHERE service = '${LOAD_SERVICE}'`,
  metrics: (file) =>
    `SELECT CAST(value_int AS UBIGINT) AS id FROM ${file}.points JOIN ${file}.series USING (series_id)
     WHERE name = '${LOAD_METRIC}'`,
};

/**
 * What a stopped program's store holds of the load, read from its files with nothing of ours in between. The API is
 * asked elsewhere; it gives neither ids of points nor how often something was written.
 */
export async function readStoreBlocks(dataDir: string): Promise<StoreBlocks> {
  const folder = join(dataDir, 'store');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.duckdb'));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const blocks: StoreBlocks = { traces: new Map(), logs: new Map(), metrics: new Map() };
  try {
    for (const [index, name] of files.entries()) {
      await connection.run(`ATTACH '${join(folder, name)}' AS f${index} (READ_ONLY)`);
    }
    for (const signal of SIGNALS) {
      const ids = files.map((_, index) => IDS[signal](`f${index}`)).join(' UNION ALL ');
      const sql = `SELECT CAST(id // ${BLOCK_SIZE} AS DOUBLE), CAST(count(*) AS DOUBLE), CAST(count(DISTINCT id) AS DOUBLE)
                   FROM (${ids}) GROUP BY 1`;
      const reader = await connection.runAndReadAll(sql);
      for (const [block, rows, distinct] of reader.getRows() as number[][]) {
        blocks[signal].set(block!, { rows: rows!, distinct: distinct! });
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return blocks;
}

/** Rows that say the same as another. */
export function duplicateRows(blocks: StoreBlocks): number {
  const all = SIGNALS.flatMap((signal) => [...blocks[signal].values()]);
  return all.reduce((sum, { rows, distinct }) => sum + rows - distinct, 0);
}
