import { type DuckDBConnection, type DuckDBType, type DuckDBValue, LIST, UBIGINT, UHUGEINT, VARCHAR } from '@duckdb/node-api';
import { InterruptedError } from '#core/errors.ts';
import type { DuckDb } from './duckdb.ts';

export type ReadValue = string | number | bigint | boolean | null | readonly string[];
export type ReadParams = Readonly<Record<string, ReadValue>>;
/** Integers of 64 bits and more come as decimal strings, lists as arrays. */
export type Row = Record<string, unknown>;

/** Runs SQL beside the writer, at most `connections` at a time; others wait for their turn. */
export interface Reader {
  read(sql: string, params: ReadParams, signal?: AbortSignal): Promise<Row[]>;
  close(): Promise<void>;
}

interface ReaderConfig {
  connections: number;
  timeoutMs: number;
  maxWaiting: number;
}

export async function createReader(
  database: DuckDb,
  config: ReaderConfig,
  onError: (error: Error) => void,
): Promise<Reader> {
  const idle: DuckDBConnection[] = [];
  for (let i = 0; i < config.connections; i++) idle.push(await database.connect());
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  let closing = false;

  const take = async (): Promise<DuckDBConnection> => {
    const free = idle.pop();
    if (free !== undefined) return free;
    if (waiting.length >= config.maxWaiting) throw new InterruptedError('too many queries are waiting');
    return new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (connection: DuckDBConnection) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next(connection);
  };

  return {
    async read(sql, params, signal) {
      if (closing) throw new InterruptedError('the store is stopping');
      const connection = await take();
      const stop = AbortSignal.any([AbortSignal.timeout(config.timeoutMs), ...(signal ? [signal] : [])]);
      const interrupt = () => connection.interrupt();
      stop.addEventListener('abort', interrupt);
      try {
        if (signal?.aborted) throw new InterruptedError('the reader went away');
        const result = await connection.runAndReadAll(sql, bind(params), typesOf(params));
        return result.getRowObjectsJson() as Row[];
      } catch (error) {
        if (stop.aborted) throw new InterruptedError(`stopped after ${config.timeoutMs / 1000} s, or by its reader`);
        onError(error as Error);
        throw error;
      } finally {
        stop.removeEventListener('abort', interrupt);
        giveBack(connection);
      }
    },
    async close() {
      closing = true;
      for (let i = 0; i < config.connections; i++) {
        const connection = await take();
        connection.closeSync();
      }
    },
  };
}

function bind(params: ReadParams): Record<string, DuckDBValue> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? { items: value } : value]),
  ) as Record<string, DuckDBValue>;
}

/** The binding would take a bigint for a signed HUGEINT, and then no filter on UBIGINT reaches the scan. */
function typesOf(params: ReadParams): Record<string, DuckDBType | undefined> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeOf(value)]));
}

function typeOf(value: ReadValue): DuckDBType | undefined {
  if (typeof value === 'bigint') return value < 2n ** 64n ? UBIGINT : UHUGEINT;
  if (Array.isArray(value)) return LIST(VARCHAR);
  if (value === null || typeof value === 'string') return VARCHAR;
  return undefined;
}
