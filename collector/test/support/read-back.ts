import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import Value from 'typebox/value';
import { SIGNALS } from '#core/signal.ts';
import { type JournalConfig, journalSchema } from '#journal/config.ts';
import { nodeFileSystem } from '#journal/file-system.ts';
import { openJournals } from '#journal/journals.ts';
import { createRecordSource } from '#journal/record-source.ts';
import type { Signalbox } from './start-signalbox.ts';

const GZIP_MAGIC = 0x1f;

const inflate = (bytes: Uint8Array) => (bytes[0] === GZIP_MAGIC ? gunzipSync(bytes) : Buffer.from(bytes));

/** Every payload that a stopped program's journals hold, through the journal's own reader, uncompressed, as one text. */
export async function readJournals(dataDir: string): Promise<string> {
  const journals = await openJournals(Value.Default(journalSchema, {}) as JournalConfig, {
    folder: join(dataDir, 'journal'),
    destinations: ['reader'],
    fs: nodeFileSystem,
    clocks: { wallMs: Date.now, monotonicMs: () => performance.now() },
    events: { failed() {}, recovered() {}, dropped() {}, torn() {}, committed() {} },
  });
  const texts: string[] = [];
  try {
    for (const signal of SIGNALS) {
      const { onChange, view } = journals.of(signal);
      const source = createRecordSource({ signal, fs: nodeFileSystem, view, onChange });
      const scanner = source.scan(source.oldest());
      for (let events = await scanner.read(100); events.length > 0; events = await scanner.read(100)) {
        for (const event of events) {
          if (event.kind !== 'record') throw new Error(`a gap: ${event.reason}`);
          const payload = await source.load(event.ref);
          if (typeof payload === 'string') throw new Error(payload);
          texts.push(inflate(payload).toString());
        }
      }
      await scanner.close();
    }
  } finally {
    await journals.close();
  }
  return texts.join('\n');
}

/** Every value of every row of every table of a stopped program's store. */
export async function readStore(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'store');
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const texts: string[] = [];
  try {
    for (const [index, name] of (await readdir(folder))
      .filter((file) => file.endsWith('.duckdb'))
      .entries()) {
      await connection.run(`ATTACH '${join(folder, name)}' AS f${index} (READ_ONLY)`);
      const tables = await connection.runAndReadAll(
        `SELECT table_name FROM information_schema.tables WHERE table_catalog = 'f${index}'`,
      );
      for (const [table] of tables.getRows() as string[][]) {
        const rows = await connection.runAndReadAll(`SELECT CAST(t AS VARCHAR) FROM f${index}.${table} t`);
        texts.push(...rows.getRows().map(([row]) => String(row)));
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return texts.join('\n');
}

/** Every file below a folder of the data folder, inflated when it is gzip. */
export async function readFiles(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map(async (file) => inflate(await readFile(file)).toString()));
  return contents.join('\n');
}

async function get(signalbox: Signalbox, path: string): Promise<string> {
  const response = await signalbox.fetchApi(path);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  return text;
}

async function pages(signalbox: Signalbox, path: string): Promise<string> {
  const texts: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    texts.push(await get(signalbox, `${path}?limit=200${next}`));
    ({ nextCursor: cursor = null } = JSON.parse(texts.at(-1)!) as { nextCursor?: string | null });
  }
  return texts.join('\n');
}

/** What every address of the API that shows something answers, all pages, and each trace and metric by itself. */
export async function readApi(signalbox: Signalbox): Promise<string> {
  const lists = [];
  for (const path of ['/api/v1/logs', '/api/v1/traces']) lists.push(await pages(signalbox, path));
  const metrics = await get(signalbox, '/api/v1/metrics');
  const traceIds = [...new Set([...lists[1]!.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map(([, id]) => id!))];
  const names = [...metrics.matchAll(/"name":("(?:[^"\\]|\\.)*")/g)].map(
    ([, name]) => JSON.parse(name!) as string,
  );
  const single = [
    ...traceIds.map((id) => `/api/v1/traces/${id}`),
    ...names.map((name) => `/api/v1/metrics/${encodeURIComponent(name)}`),
    ...['services', 'accounting', 'processors', 'alerts', 'status'].map((name) => `/api/v1/${name}`),
    ...['/readyz?verbose', '/healthz', '/metrics'],
  ];
  const answers = [];
  for (const path of single) {
    const response = await signalbox.fetchApi(path);
    answers.push(await response.text());
  }
  return [...lists, metrics, ...answers].join('\n');
}
