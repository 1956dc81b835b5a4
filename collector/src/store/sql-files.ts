import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tables in the order in which they are made; each is one file of `ddl/`. */
export const TABLES = [
  'version',
  'resources',
  'scopes',
  'spans',
  'logs',
  'series',
  'points',
  'progress',
] as const;

/** Tables whose rows are items of a signal, for counting. */
export const ITEM_TABLES = { traces: 'spans', logs: 'logs', metrics: 'points' } as const;

/** The statement that makes `table`, from `ddl/<table>.sql`. */
export function readDdl(table: string): string {
  return readFileSync(join(import.meta.dirname, 'ddl', `${table}.sql`), 'utf8');
}

/** The statement in `queries/<name>.sql`. */
export function readQuery(name: string): string {
  return readFileSync(join(import.meta.dirname, 'queries', `${name}.sql`), 'utf8');
}
