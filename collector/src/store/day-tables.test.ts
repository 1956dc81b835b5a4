import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTempStore } from '#test/support/temp-store.ts';
import { COLUMNS } from './day-tables.ts';
import type { ColumnKind } from './table-appender.ts';

const SQL_TYPES: Record<ColumnKind, readonly string[]> = {
  u8: ['UTINYINT'],
  u32: ['UINTEGER'],
  u64: ['UBIGINT'],
  i64: ['BIGINT'],
  f64: ['DOUBLE'],
  u128: ['UHUGEINT'],
  bool: ['BOOLEAN'],
  text: ['VARCHAR', 'JSON'],
};

test('the kinds of columns that the writer assumes are those of the tables, in order', async (context) => {
  const { store } = await openTempStore(context);
  for (const [table, kinds] of Object.entries(COLUMNS)) {
    const rows = await store.read(
      `SELECT column_name, data_type FROM duckdb_columns()
       WHERE database_name LIKE 'p_%' AND table_name = $table ORDER BY column_index`,
      { table },
    );
    assert.equal(rows.length, kinds.length, table);
    for (const [index, { column_name: name, data_type: type }] of rows.entries()) {
      assert.ok(
        SQL_TYPES[kinds[index]!].includes(String(type)),
        `${table}.${name} is ${type}, not ${kinds[index]}`,
      );
    }
  }
});
