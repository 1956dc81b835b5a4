import bindings, { type Appender, type Connection, type DataChunk, type Vector } from '@duckdb/node-bindings';

const CHUNK_ROWS = 2048;
const STRING_BYTES = 16;
const INLINE_BYTES = 12;

export type ColumnKind = 'u8' | 'u32' | 'u64' | 'i64' | 'f64' | 'u128' | 'bool' | 'text';

const KINDS: Record<ColumnKind, { type: number; bytes: number }> = {
  u8: { type: bindings.Type.UTINYINT, bytes: 1 },
  u32: { type: bindings.Type.UINTEGER, bytes: 4 },
  u64: { type: bindings.Type.UBIGINT, bytes: 8 },
  i64: { type: bindings.Type.BIGINT, bytes: 8 },
  f64: { type: bindings.Type.DOUBLE, bytes: 8 },
  u128: { type: bindings.Type.UHUGEINT, bytes: 16 },
  bool: { type: bindings.Type.BOOLEAN, bytes: 1 },
  text: { type: bindings.Type.VARCHAR, bytes: STRING_BYTES },
};

/**
 * Writes rows into one table through DuckDB's data chunks, straight into their memory: no row objects.
 * Call `row()`, then set every column; columns left alone are 0, '' or false.
 */
export interface TableAppender {
  row(): void;
  setNumber(column: number, value: number): void;
  setText(column: number, value: string): void;
  setNull(column: number): void;
  /** An unsigned integer below 2^53. */
  setInteger(column: number, value: number): void;
  /** 8 little-endian bytes of `bytes` at `at`, as fixed64 has them. `at` -1 leaves 0. */
  copyFixed64(column: number, bytes: Uint8Array, at: number): void;
  /** `length` (8 or 16) big-endian bytes of an id. `at` -1 leaves 0. */
  copyId(column: number, id: { bytes: Uint8Array; at: number; length: number }): void;
  setBigInt(column: number, value: bigint): void;
  /** Hands what is buffered to DuckDB inside the open transaction. */
  flush(): void;
  /** Drops what is buffered, after a failure. */
  discard(): void;
}

/** A column of the chunk being filled: its memory as DuckDB will have it, and strings too long for that. */
interface Column {
  kind: ColumnKind;
  /** Row and string in turn. */
  long: (number | string)[];
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  validity: Uint8Array<ArrayBuffer> | null;
}

/** Opens an appender on `table` of the attached database `catalog`; `columns` are the table's, in order. */
export function createTableAppender(
  connection: Connection,
  target: { catalog: string; table: string },
  columns: readonly ColumnKind[],
): TableAppender {
  const types = columns.map((kind) => bindings.create_logical_type(KINDS[kind].type));
  const chunk: DataChunk = bindings.create_data_chunk(types);
  let appender: Appender | null = null;
  const memory: Column[] = columns.map(createColumn);
  let rows = 0;

  const send = () => {
    if (rows === 0) return;
    appender ??= bindings.appender_create_ext(connection, target.catalog, 'main', target.table);
    for (const [index, column] of memory.entries()) {
      fillVector(column, bindings.data_chunk_get_vector(chunk, index), rows);
    }
    bindings.data_chunk_set_size(chunk, rows);
    bindings.append_data_chunk(appender, chunk);
    reset();
  };
  const reset = () => {
    bindings.data_chunk_reset(chunk);
    for (const column of memory) clearColumn(column);
    rows = 0;
  };

  return {
    row() {
      if (rows === CHUNK_ROWS) send();
      rows++;
    },
    setNumber(column, value) {
      const { view } = memory[column]!;
      const kind = columns[column]!;
      if (kind === 'f64') view.setFloat64((rows - 1) * 8, value, true);
      else if (kind === 'u32') view.setUint32((rows - 1) * 4, value, true);
      else view.setUint8(rows - 1, value);
    },
    setText(column, value) {
      const one = memory[column]!;
      if (!writeInline(one, rows - 1, value)) one.long.push(rows - 1, value);
    },
    setNull(column) {
      const one = memory[column]!;
      one.validity ??= new Uint8Array(CHUNK_ROWS / 8).fill(0xff);
      one.validity[(rows - 1) >> 3]! &= ~(1 << ((rows - 1) & 7));
    },
    setInteger(column, value) {
      writeInteger(memory[column]!.view, (rows - 1) * 8, value);
    },
    copyFixed64(column, bytes, at) {
      if (at < 0) return;
      const target = memory[column]!.bytes;
      const start = (rows - 1) * 8;
      for (let i = 0; i < 8; i++) target[start + i] = bytes[at + i]!;
    },
    copyId(column, { bytes, at, length }) {
      if (at < 0) return;
      const target = memory[column]!.bytes;
      const last = rows * length - 1;
      for (let i = 0; i < length; i++) target[last - i] = bytes[at + i]!;
    },
    setBigInt(column, value) {
      memory[column]!.view.setBigUint64((rows - 1) * 8, BigInt.asUintN(64, value), true);
    },
    flush() {
      send();
      if (appender === null) return;
      const closing = appender;
      appender = null;
      bindings.appender_close_sync(closing);
    },
    discard() {
      if (appender !== null) bindings.appender_clear(appender);
      appender = null;
      reset();
    },
  };
}

function writeInteger(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 0x1_0000_0000, true);
  view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

function createColumn(kind: ColumnKind): Column {
  const bytes = new Uint8Array(CHUNK_ROWS * KINDS[kind].bytes);
  return { kind, long: [], bytes, view: new DataView(bytes.buffer), validity: null };
}

/** Everything 0 or the empty string, which is 16 bytes of 0. */
function clearColumn(column: Column): void {
  column.validity = null;
  column.long = [];
  column.bytes.fill(0);
}

/**
 * Strings of up to 12 bytes lie within DuckDB's string itself, behind their length (duckdb_string_t in duckdb.h);
 * writing them here spares a call into the binding. False for a longer string, or one that is not ASCII.
 */
function writeInline({ bytes, view }: Column, row: number, value: string): boolean {
  if (value.length > INLINE_BYTES) return false;
  const at = row * STRING_BYTES;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7f) return false;
    bytes[at + 4 + i] = code;
  }
  view.setUint32(at, value.length, true);
  return true;
}

function fillVector({ bytes, kind, long, validity }: Column, vector: Vector, rows: number): void {
  bindings.copy_data_to_vector(vector, 0, bytes.buffer, 0, rows * KINDS[kind].bytes);
  for (let i = 0; i < long.length; i += 2) {
    bindings.vector_assign_string_element(vector, long[i] as number, long[i + 1] as string);
  }
  if (validity === null) return;
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, validity.length);
}
