import {
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  UBIGINT,
  UHUGEINT,
  VARCHAR,
} from '@duckdb/node-api';
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
  const closing = new AbortController();
  let closed: Promise<void> | null = null;

  const take = async (): Promise<DuckDBConnection> => {
    const free = idle.pop();
    if (free !== undefined) return free;
    if (waiting.length >= config.maxWaiting) throw new InterruptedError('too many queries are waiting');
    return new Promise((resolve) => waiting.push(resolve));
  };
  /** At the end, behind whoever waits: those find `closing` and give back at once. */
  const takeLast = async (): Promise<DuckDBConnection> =>
    idle.pop() ?? new Promise((resolve) => waiting.push(resolve));
  const closeAll = async () => {
    const all = await Promise.all(Array.from({ length: config.connections }, takeLast));
    for (const connection of all) connection.closeSync();
  };
  const giveBack = (connection: DuckDBConnection) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next(connection);
  };

  return {
    async read(sql, params, signal) {
      if (closing.signal.aborted) throw new InterruptedError('the store is stopping');
      const connection = await take();
      const ends = [AbortSignal.timeout(config.timeoutMs), closing.signal, ...(signal ? [signal] : [])];
      const stop = AbortSignal.any(ends);
      const release = interruptOn(stop, connection);
      try {
        stop.throwIfAborted();
        const result = await connection.runAndReadAll(sql, bind(params), typesOf(params));
        return result.getRowObjectsJson() as Row[];
      } catch (error) {
        if (stop.aborted)
          throw new InterruptedError(`stopped after ${config.timeoutMs / 1000} s, or by its reader`);
        onError(error as Error);
        throw error;
      } finally {
        release();
        giveBack(connection);
      }
    },
    close() {
      closing.abort();
      closed ??= closeAll();
      return closed;
    },
  };
}

const INTERRUPT_INTERVAL_MS = 20;

/** Interrupts again and again: DuckDB forgets an interrupt that comes between a query's preparation and its run. */
function interruptOn(stop: AbortSignal, connection: DuckDBConnection): () => void {
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), INTERRUPT_INTERVAL_MS);
  };
  stop.addEventListener('abort', start);
  return () => {
    stop.removeEventListener('abort', start);
    clearInterval(timer);
  };
}

function bind(params: ReadParams): Record<string, DuckDBValue> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? listValue(value) : value]),
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
