import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { makeTempFolder, STORE_CONFIG } from '#test/support/temp-store.ts';
import { openDuckDb } from './duckdb.ts';
import { type ColumnKind, createTableAppender, type TableAppender } from './table-appender.ts';

const COLUMNS: ColumnKind[] = ['u64', 'text', 'u8', 'u32', 'i64', 'f64', 'u128', 'bool'];

async function openTable(context: TestContext) {
  const database = await openDuckDb(await makeTempFolder(context), STORE_CONFIG);
  const { connection, handle } = await database.connectRaw();
  context.after(() => {
    connection.closeSync();
    database.close();
  });
  await connection.run(`CREATE TABLE t
    (n UBIGINT, s VARCHAR, a UTINYINT, b UINTEGER, i BIGINT, d DOUBLE, id UHUGEINT, f BOOLEAN)`);
  const appender = createTableAppender(handle, { catalog: 'memory', table: 't' }, COLUMNS);
  return {
    appender,
    connection,
    rows: async (sql = 'SELECT * FROM t ORDER BY n') => (await connection.runAndReadAll(sql)).getRows(),
  };
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(9, 0xee);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 1);
  return bytes;
}

function writeNumbered(appender: TableAppender, count: number, text: (n: number) => string): void {
  for (let n = 0; n < count; n++) {
    appender.row();
    appender.setInteger(0, n);
    appender.setText(1, text(n));
  }
}

test('every kind of column is written exactly at its edges', async (context) => {
  const { appender, rows } = await openTable(context);
  const id = Buffer.from(`00${'fe'.repeat(15)}ff`, 'hex');
  const high = 2n ** 64n - 1n;
  appender.row();
  appender.setInteger(0, 2 ** 53 - 1);
  appender.setText(1, 'a\0b "ü" 😀');
  appender.setNumber(2, 255);
  appender.setNumber(3, 2 ** 32 - 1);
  appender.copyFixed64(4, littleEndian(-(2n ** 63n)), 1);
  appender.setNumber(5, 5e-324);
  appender.copyId(6, { bytes: id, at: 1, length: 16 });
  appender.setNumber(7, 1);
  appender.row();
  appender.copyFixed64(0, littleEndian(2n ** 53n + 1n), 1);
  appender.setBigInt(4, -1n);
  appender.setNumber(5, Number.NEGATIVE_INFINITY);
  appender.row();
  appender.setBigInt(0, high);
  appender.copyFixed64(4, id, -1);
  appender.copyId(6, { bytes: id, at: -1, length: 16 });
  appender.flush();
  assert.deepEqual(await rows(), [
    [
      2n ** 53n - 1n,
      'a\0b "ü" 😀',
      255,
      2 ** 32 - 1,
      -(2n ** 63n),
      5e-324,
      BigInt(`0x${'fe'.repeat(15)}ff`),
      true,
    ],
    [2n ** 53n + 1n, '', 0, 0, -1n, Number.NEGATIVE_INFINITY, 0n, false],
    [high, '', 0, 0, 0n, 0, 0n, false],
  ]);
});

test('an id of 8 bytes is read as a big-endian number', async (context) => {
  const { appender, rows } = await openTable(context);
  appender.row();
  appender.copyId(0, { bytes: Buffer.from('ff00000000000001', 'hex'), at: 0, length: 8 });
  appender.flush();
  assert.deepEqual((await rows('SELECT n FROM t'))[0], [0xff00000000000001n]);
});

test('strings of every length around the 12 bytes that lie inside come back as they were', async (context) => {
  const { appender, rows } = await openTable(context);
  const texts = [...Array(40).keys()].flatMap((length) => [
    'x'.repeat(length),
    'é'.repeat(length),
    `${'y'.repeat(length)}ß`,
  ]);
  writeNumbered(appender, texts.length, (n) => texts[n]!);
  appender.flush();
  assert.deepEqual(
    (await rows('SELECT s FROM t ORDER BY n')).map(([text]) => text),
    texts,
  );
});

for (const count of [2047, 2048, 2049, 4096, 5000]) {
  test(`${count} rows across chunks of 2048 are all there, each once`, async (context) => {
    const { appender, rows } = await openTable(context);
    const text = (n: number) => (n % 3 === 0 ? '' : `row ${n}${' long'.repeat(n % 5)}`);
    writeNumbered(appender, count, text);
    appender.flush();
    const expected = Array.from({ length: count }, (_, n) => [BigInt(n), text(n)]);
    assert.deepEqual(await rows('SELECT n, s FROM t ORDER BY n'), expected);
  });
}

test('texts, nulls and numbers of one chunk do not show in the next', async (context) => {
  const { appender, rows } = await openTable(context);
  for (let n = 0; n < 2048; n++) {
    appender.row();
    appender.setInteger(0, n);
    appender.setText(1, n % 2 === 0 ? 'short' : 'a text longer than twelve bytes');
    appender.setNumber(3, 7);
    appender.setNull(5);
    appender.setNumber(7, 1);
  }
  for (let n = 2048; n < 3000; n++) {
    appender.row();
    appender.setInteger(0, n);
  }
  appender.flush();
  const [first] = await rows(
    `SELECT count(*) FROM t WHERE n < 2048 AND s <> '' AND b = 7 AND d IS NULL AND f`,
  );
  const [second] = await rows(
    `SELECT count(*) FROM t WHERE n >= 2048 AND s = '' AND b = 0 AND d = 0 AND NOT f`,
  );
  assert.deepEqual([first, second], [[2048n], [952n]]);
});

test('nulls are exactly where they were set', async (context) => {
  const { appender, rows } = await openTable(context);
  for (let n = 0; n < 3000; n++) {
    appender.row();
    appender.setInteger(0, n);
    if (n % 7 === 0) appender.setNull(5);
    else appender.setNumber(5, n / 2);
    if (n % 11 === 0) appender.setNull(4);
    else appender.setBigInt(4, BigInt(-n));
  }
  appender.flush();
  const found = await rows('SELECT n, i, d FROM t ORDER BY n');
  const expected = found.map((_, n) => [
    BigInt(n),
    n % 11 === 0 ? null : BigInt(-n),
    n % 7 === 0 ? null : n / 2,
  ]);
  assert.equal(found.length, 3000);
  assert.deepEqual(found, expected);
});

test('what was discarded is gone and leaves nothing behind in later rows', async (context) => {
  const { appender, connection, rows } = await openTable(context);
  await connection.run('BEGIN TRANSACTION');
  writeNumbered(appender, 2500, () => 'discarded, and longer than twelve bytes');
  appender.setNull(5);
  appender.discard();
  await connection.run('ROLLBACK');
  await connection.run('BEGIN TRANSACTION');
  writeNumbered(appender, 3, () => '');
  appender.flush();
  await connection.run('COMMIT');
  const expected = [0n, 1n, 2n].map((n) => [n, '', 0]);
  assert.deepEqual(await rows('SELECT n, s, d FROM t ORDER BY n'), expected);
});

test('a flush without rows writes nothing, and the next flush works', async (context) => {
  const { appender, rows } = await openTable(context);
  appender.flush();
  writeNumbered(appender, 1, () => 'one');
  appender.flush();
  appender.flush();
  assert.deepEqual(await rows('SELECT n, s FROM t'), [[0n, 'one']]);
});
