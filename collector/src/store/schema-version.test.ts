import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { weightOf } from '#otlp/tracestate.ts';
import { makeTempFolder, STORE_CONFIG } from '#test/support/temp-store.ts';
import { openDuckDb } from './duckdb.ts';
import { openPartitions } from './partitions.ts';
import { MIGRATIONS, type Migration } from './schema-version.ts';

const DAY = '2026-03-04';
const ADD_COLUMN: Migration = {
  version: 2,
  statements: ["ALTER TABLE {catalog}.spans ADD COLUMN extra VARCHAR DEFAULT 'none'"],
};
const RENAME: Migration = { version: 3, statements: ['ALTER TABLE {catalog}.spans RENAME extra TO more'] };
const BROKEN: Migration = {
  version: 2,
  statements: [
    'DELETE FROM {catalog}.scopes',
    'ALTER TABLE {catalog}.spans ADD COLUMN half VARCHAR',
    'SELECT broken',
  ],
};

/** Opens the folder as a program that knows `migrations` would; `close` must be called before the next. */
async function open(folder: string, migrations: readonly Migration[]) {
  const database = await openDuckDb(folder, STORE_CONFIG);
  const connection = await database.connect();
  const damaged: string[] = [];
  const close = () => {
    connection.closeSync();
    database.close();
  };
  const onDamaged = ({ path }: { path: string }) => damaged.push(path);
  try {
    const partitions = await openPartitions({ folder, connection, migrations, onDamaged });
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
    return { partitions, damaged, close, run: (sql: string) => connection.run(sql), rows };
  } catch (error) {
    close();
    throw error;
  }
}

/** A folder with one file of layout version 1 that has a row. */
async function oldFolder(context: TestContext): Promise<string> {
  const folder = await makeTempFolder(context);
  const old = await open(folder, []);
  const { catalog } = await old.partitions.openDay(DAY);
  await old.run(`INSERT INTO ${catalog}.scopes VALUES (7, 'kept', '', '{}', 0, '')`);
  old.close();
  return folder;
}

test('a file of an older layout is brought to the current one with its rows', async (context) => {
  const folder = await oldFolder(context);
  const now = await open(folder, [ADD_COLUMN, RENAME]);
  const { catalog } = await now.partitions.openDay(DAY);
  assert.deepEqual(await now.rows(`SELECT schema_version FROM ${catalog}.version`), [[3]]);
  assert.deepEqual(await now.rows('SELECT name FROM scopes'), [['kept']]);
  assert.deepEqual(await now.rows(`SELECT more FROM ${catalog}.spans`), []);
  now.close();
  const again = await open(folder, [ADD_COLUMN, RENAME]);
  assert.deepEqual(await again.rows('SELECT name FROM scopes'), [['kept']]);
  again.close();
});

test('a migration that fails leaves the file as it was, in its place, and stops the start', async (context) => {
  const folder = await oldFolder(context);
  await assert.rejects(open(folder, [BROKEN]), (error: Error) => {
    assert.ok(error instanceof OperatorError);
    assert.ok(error.message.includes(join(folder, `${DAY}.1.duckdb`)), error.message);
    return true;
  });
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('damaged')),
    [],
  );
  const old = await open(folder, []);
  const { catalog } = await old.partitions.openDay(DAY);
  assert.deepEqual(await old.rows(`SELECT schema_version FROM ${catalog}.version`), [[1]]);
  assert.deepEqual(await old.rows('SELECT name FROM scopes'), [['kept']]);
  const half = await old.rows("SELECT 1 FROM duckdb_columns() WHERE column_name = 'half'");
  assert.deepEqual(half, []);
  old.close();
});

test('a file of a newer layout stops the start with a message that names it, and is left alone', async (context) => {
  const folder = await oldFolder(context);
  (await open(folder, [ADD_COLUMN])).close();
  const before = readdirSync(folder);
  await assert.rejects(open(folder, []), (error: Error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.message, /2026-03-04\.1\.duckdb has layout version 2, this program knows up to 1/);
    return true;
  });
  assert.deepEqual(readdirSync(folder), before);
  const newer = await open(folder, [ADD_COLUMN]);
  assert.deepEqual(await newer.rows('SELECT name FROM scopes'), [['kept']]);
  newer.close();
});

test('a new file has the current layout from the start', async (context) => {
  const fresh = await open(await makeTempFolder(context), []);
  const { catalog } = await fresh.partitions.openDay(DAY);
  assert.deepEqual(await fresh.rows(`SELECT schema_version FROM ${catalog}.version`), [[1]]);
  fresh.close();
});

test('a file without weights gets them from what its spans say of sampling', async (context) => {
  const folder = await makeTempFolder(context);
  const states = ['', 'other=1', 'ot=th:8', ' ot=rv:0123456789abcd;th:C', 'a=b,ot=th:e666 ,c=d', 'ot=th:0'];
  const odd = [
    'ot=xth:8',
    'ot=th:',
    'ot=th:8g',
    'ot=th:000000000000001',
    'not=th:8',
    'a=ot,th:8',
    'ot=th:ffffef39',
    'ot=th:fffff',
    'ot=th:ffffffffffffff',
  ];
  const before = await open(folder, MIGRATIONS.slice(0, -1));
  const { catalog } = await before.partitions.openDay(DAY);
  await before.run(`ALTER TABLE ${catalog}.spans DROP COLUMN sample_weight`);
  for (const [index, state] of [...states, ...odd].entries()) {
    await before.run(`INSERT INTO ${catalog}.spans VALUES
      (1, ${index}, 0, 0, 0, 0, 0, 'a', 'b', 0, 0, '', '', 0, '${state}', '{}', 0, '[]', 0, '[]', 0, 1, 1)`);
  }
  before.close();
  const now = await open(folder, MIGRATIONS);
  const weights = await now.rows('SELECT sample_weight FROM spans ORDER BY span_id');
  assert.deepEqual(weights.flat(), [...states, ...odd].map(weightOf));
  assert.deepEqual(weights.flat().slice(-3), [2 ** 32 / 0x10c7, 1e6, 1e6]);
  assert.deepEqual(weights.flat().slice(0, states.length), [1, 1, 2, 4, 65536 / (65536 - 0xe666), 1]);
  const columns = (where: string) =>
    now.rows(`SELECT column_name, data_type, is_nullable, column_default FROM duckdb_columns()
      WHERE table_name = 'spans' AND database_name = '${where}' ORDER BY column_index`);
  const fresh = await now.partitions.openNextPart(DAY);
  assert.deepEqual(await columns(catalog), await columns(fresh.catalog));
  now.close();
});
