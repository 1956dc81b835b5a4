import type { DuckDBConnection } from '@duckdb/node-api';
import { readDdl, TABLES } from './sql-files.ts';

/** One step from the layout of the version before to `version`; `statements` see the partition as `{catalog}`. */
export interface Migration {
  version: number;
  statements: readonly string[];
}

const TH = '(?:^|,)[ \\t]*ot=(?:[^,;]*;)*?th:([0-9a-fA-F]{1,14})[ \\t]*(?:[,;]|$)';

/** `weightOf` of `#otlp/tracestate.ts` in SQL, but that faults elsewhere in the `ot` member are not looked for. */
const SAMPLE_WEIGHT = [
  'ALTER TABLE {catalog}.spans ADD COLUMN sample_weight DOUBLE DEFAULT 1',
  'ALTER TABLE {catalog}.spans ALTER COLUMN sample_weight SET NOT NULL',
  'ALTER TABLE {catalog}.spans ALTER COLUMN sample_weight DROP DEFAULT',
  `UPDATE {catalog}.spans SET sample_weight = least(1000000, 72057594037927936 / (
     72057594037927936 - ('0x' || rpad(regexp_extract(trace_state, '${TH}', 1), 14, '0'))::UBIGINT
   )) WHERE regexp_matches(trace_state, '${TH}')`,
];

/** Steps since version 1, in order. To change the layout: change ddl/, add a step here and a test with an old file. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 2, statements: [readDdl('progress').replace('TABLE progress', 'TABLE {catalog}.progress')] },
  { version: 3, statements: SAMPLE_WEIGHT },
];

export class NewerSchemaError extends Error {
  override name = 'NewerSchemaError';
}

export function currentVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 1;
}

/**
 * Makes the tables in an empty partition, or takes an older one to the current layout in one transaction.
 * Throws NewerSchemaError when a newer Signalbox wrote the file.
 */
export async function ensureSchema(
  connection: DuckDBConnection,
  catalog: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const target = currentVersion(migrations);
  const version = await readVersion(connection, catalog);
  if (version === target) return;
  if (version !== null && version > target) {
    throw new NewerSchemaError(`has layout version ${version}, this program knows up to ${target}`);
  }
  await connection.run(`USE ${catalog}`);
  await connection.run('BEGIN TRANSACTION');
  try {
    if (version === null) for (const table of TABLES) await connection.run(readDdl(table));
    else await migrate(connection, catalog, { from: version, migrations });
    await connection.run(`DELETE FROM ${catalog}.version`);
    await connection.run(`INSERT INTO ${catalog}.version VALUES (${target})`);
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  } finally {
    await connection.run('USE memory');
  }
}

async function migrate(
  connection: DuckDBConnection,
  catalog: string,
  steps: { from: number; migrations: readonly Migration[] },
): Promise<void> {
  for (const step of steps.migrations.filter((one) => one.version > steps.from)) {
    for (const statement of step.statements) await connection.run(statement.replaceAll('{catalog}', catalog));
  }
}

async function readVersion(connection: DuckDBConnection, catalog: string): Promise<number | null> {
  const found = await connection.runAndReadAll(
    `SELECT 1 FROM duckdb_tables() WHERE database_name = '${catalog}' AND table_name = 'version'`,
  );
  if (found.currentRowCount === 0) return null;
  const rows = (await connection.runAndReadAll(`SELECT schema_version FROM ${catalog}.version`)).getRows();
  return rows.length === 0 ? null : Number(rows[0]![0]);
}
