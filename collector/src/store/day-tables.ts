import type { Connection } from '@duckdb/node-bindings';
import { createIdSource } from './id-source.ts';
import { createInterner, type Interner } from './interner.ts';
import { type ColumnKind, createTableAppender, type TableAppender } from './table-appender.ts';

/** The kinds of the columns of each table, in the order of ddl/. A test holds them against the real tables. */
export const COLUMNS = {
  resources: ['u64', 'text', 'text', 'u32', 'text', 'text'],
  scopes: ['u64', 'text', 'text', 'text', 'u32', 'text'],
  spans: [
    ...([
      'u128',
      'u64',
      'u64',
      'u64',
      'u64',
      'u64',
      'u64',
      'text',
      'text',
      'u8',
      'u8',
      'text',
      'text',
      'u32',
    ] as const),
    ...(['text', 'text', 'u32', 'text', 'u32', 'text', 'u32', 'u64', 'u64', 'f64'] as const),
  ],
  logs: [
    ...([
      'u64',
      'u64',
      'u64',
      'u64',
      'u64',
      'text',
      'u8',
      'text',
      'text',
      'text',
      'u128',
      'u64',
      'u32',
    ] as const),
    ...(['text', 'u32', 'u64', 'u64'] as const),
  ],
  series: ['u64', 'u64', 'u64', 'text', 'text', 'text', 'text', 'text', 'u8', 'bool', 'text', 'text'],
  points: [
    ...([
      'u64',
      'u64',
      'u64',
      'u64',
      'u32',
      'i64',
      'f64',
      'u64',
      'f64',
      'f64',
      'f64',
      'text',
      'text',
    ] as const),
  ],
} as const satisfies Record<string, readonly ColumnKind[]>;

const MAX_INTERNED = 100_000;

/** Appenders and known rows for one open partition. */
export interface DayTables {
  readonly catalog: string;
  readonly nextId: () => number;
  readonly resources: TableAppender;
  readonly scopes: TableAppender;
  readonly spans: TableAppender;
  readonly logs: TableAppender;
  readonly series: TableAppender;
  readonly points: TableAppender;
  readonly knownResources: Interner;
  readonly knownScopes: Interner;
  readonly knownSeries: Interner;
  flush(): void;
  commit(): void;
  rollback(): void;
}

const nextId = createIdSource();

export function createDayTables(connection: Connection, catalog: string): DayTables {
  const open = (table: keyof typeof COLUMNS) =>
    createTableAppender(connection, { catalog, table }, COLUMNS[table]);
  const appenders = {
    resources: open('resources'),
    scopes: open('scopes'),
    series: open('series'),
    spans: open('spans'),
    logs: open('logs'),
    points: open('points'),
  };
  const interners = {
    knownResources: createInterner(nextId, MAX_INTERNED),
    knownScopes: createInterner(nextId, MAX_INTERNED),
    knownSeries: createInterner(nextId, MAX_INTERNED),
  };
  return {
    catalog,
    nextId,
    ...appenders,
    ...interners,
    flush() {
      for (const appender of Object.values(appenders)) appender.flush();
    },
    commit() {
      for (const interner of Object.values(interners)) interner.commit();
    },
    rollback() {
      for (const appender of Object.values(appenders)) appender.discard();
      for (const interner of Object.values(interners)) interner.rollback();
    },
  };
}
