import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeTempFolder, STORE_CONFIG } from '#test/support/temp-store.ts';
import { openDuckDb, sqlString } from './duckdb.ts';

async function openLocked(context: TestContext) {
  const folder = await makeTempFolder(context);
  const database = await openDuckDb(folder, STORE_CONFIG);
  const connection = await database.connect();
  context.after(() => {
    connection.closeSync();
    database.close();
  });
  return { connection, folder };
}

test('a query cannot read or write files outside of the folder of the store', async (context) => {
  const { connection } = await openLocked(context);
  const outside = await mkdtemp(join(tmpdir(), 'signalbox-outside-'));
  context.after(() => rm(outside, { recursive: true, force: true }));
  const file = join(outside, 'secret.csv');
  await writeFile(file, 'a,b\n1,2\n');
  for (const statement of [
    `SELECT * FROM ${sqlString(file)}`,
    `SELECT * FROM read_csv(${sqlString(file)})`,
    `SELECT * FROM read_text('/etc/hostname')`,
    `SELECT * FROM glob('/etc/*')`,
    `COPY (SELECT 1) TO ${sqlString(join(outside, 'out.csv'))}`,
    `ATTACH ${sqlString(join(outside, 'other.duckdb'))} AS other`,
    `SELECT * FROM read_text('https://example.com/')`,
  ]) {
    await assert.rejects(connection.run(statement), /Permission Error/, statement);
  }
});

test('the folder cannot be left by its own name', async (context) => {
  const { connection, folder } = await openLocked(context);
  const beside = `${folder}-beside.csv`;
  await writeFile(beside, 'a\n1\n');
  context.after(() => rm(beside, { force: true }));
  for (const path of [
    beside,
    join(folder, '..').concat('/', beside.split('/').at(-1)!),
    `${folder}/../x.csv`,
  ]) {
    await assert.rejects(
      connection.run(`SELECT * FROM read_text(${sqlString(path)})`),
      /Permission Error/,
      path,
    );
  }
});

test('no extension can be installed or loaded', async (context) => {
  const { connection } = await openLocked(context);
  for (const statement of ['INSTALL httpfs', 'LOAD httpfs', "INSTALL spatial FROM 'https://example.com'"]) {
    await assert.rejects(connection.run(statement), /Permission Error|disabled|locked/i, statement);
  }
});

test('settings cannot be changed by a query', async (context) => {
  const { connection } = await openLocked(context);
  for (const statement of [
    'SET enable_external_access = true',
    'SET GLOBAL memory_limit = "100GB"',
    'SET threads = 64',
    "SET allowed_directories = ['/']",
    'RESET lock_configuration',
  ]) {
    await assert.rejects(connection.run(statement), /Cannot change|cannot be|locked/i, statement);
  }
});

test('a quote in a path stays within its SQL string', () => {
  assert.equal(sqlString("o'hara"), "'o''hara'");
});
