import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import bindings, { type Connection } from '@duckdb/node-bindings';
import type { StoreConfig } from './config.ts';

/** Rarer checkpoints cost less (16 to 256 MiB: 40 % of all processor time), but a start after a crash replays this much. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** A DuckDB in memory to which partition files are attached, locked against the world outside their folder. */
export interface DuckDb {
  /** A new connection; the caller closes it. */
  connect(): Promise<DuckDBConnection>;
  /** A new connection with the handle that the binding's appenders take. */
  connectRaw(): Promise<{ connection: DuckDBConnection; handle: Connection }>;
  close(): void;
}

/** Opens DuckDB for the files of `folder`. No extension is loaded or fetched, nothing else can be read. */
export async function openDuckDb(folder: string, config: StoreConfig): Promise<DuckDb> {
  const scratch = join(folder, 'tmp');
  mkdirSync(scratch, { recursive: true });
  const options = bindings.create_config();
  for (const [name, value] of Object.entries(startOptions(config))) bindings.set_config(options, name, value);
  const database = await bindings.open(':memory:', options);
  const instance = new DuckDBInstance(database);
  const connection = await instance.connect();
  for (const statement of lockDown(folder, scratch, config)) await connection.run(statement);
  connection.closeSync();
  return {
    connect: () => instance.connect(),
    connectRaw: async () => {
      const handle = await bindings.connect(database);
      return { connection: new DuckDBConnection(handle), handle };
    },
    close: () => instance.closeSync(),
  };
}

function startOptions(config: StoreConfig): Record<string, string> {
  return {
    memory_limit: `${config.memory_limit_bytes}B`,
    threads: String(config.threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'false',
    checkpoint_threshold: `${Math.min(Math.floor(config.max_bytes / 32), MAX_LOG_BYTES)}B`,
  };
}

function lockDown(folder: string, scratch: string, config: StoreConfig): string[] {
  return [
    `SET temp_directory = ${sqlString(scratch)}`,
    `SET max_temp_directory_size = '${Math.floor(config.max_bytes / 10)}B'`,
    `SET allowed_directories = [${sqlString(`${folder}/`)}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}

/** `text` as an SQL string literal. */
export function sqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
