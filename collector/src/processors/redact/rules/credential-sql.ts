import type { Found, TextRange } from '../rule.ts';
import { byteAt, latin1 } from './bytes.ts';
import { isCredentialValue } from './credential-value.ts';

/** The text that the rule looks for. */
export const INSERT_ANCHOR = 'values';

const COLUMNS_MAX_BYTES = 512;
const ROW_MAX_BYTES = 2048;
/** More brackets in a value than functions have. */
const MAX_DEPTH = 4;
const SECRET = /(?:passw(?:or)?d|passphrase|pwd|secret|(?:api|access|private|secret)_?key)["`\]]?$/i;
const TOKEN = /token["`\]]?$/i;
const OPENED = /^\s{0,4}\(/;
const NEXT_ROW = /^\s{0,4},\s{0,4}\(/;
/** Values that no rule would look at; what is more than that goes along with the password after it. */
const PLAIN = /^(?!.*(?:(?:\d[ .-]?){7}|(?:\d+\.){3}\d|[\w-]{20}))[\w\s',.()-]*$/;

/** A value of a row, without its quotes. */
interface Literal {
  start: number;
  end: number;
  isQuoted: boolean;
}

/** The names of the columns in the brackets that end before `at`. */
function columnsBefore(text: TextRange, at: number): string[] {
  let close = at;
  while (close > at - 4 && byteAt(text, close - 1) <= 0x20) close--;
  if (byteAt(text, close - 1) !== 0x29) return [];
  const limit = Math.max(text.from, close - COLUMNS_MAX_BYTES);
  let open = close - 1;
  while (open > limit && text.bytes[open] !== 0x28) open--;
  if (text.bytes[open] !== 0x28) return [];
  return latin1(text, open + 1, close - 1)
    .split(',')
    .map((name) => name.trim());
}

/** Where the string whose quote opens before `start` ends. */
function stringEnd(text: TextRange, start: number, limit: number): number {
  let at = start;
  for (; at < limit; at++) {
    if (text.bytes[at] === 0x5c) at++;
    else if (text.bytes[at] === 0x27) {
      if (byteAt(text, at + 1) !== 0x27) return at;
      at++;
    }
  }
  return Math.min(at, limit);
}

/** The values from `start` to the bracket that closes the row, and where that is. */
function readRow(text: TextRange, start: number): { values: Literal[]; end: number } {
  const limit = Math.min(text.end, start + ROW_MAX_BYTES);
  const values: Literal[] = [];
  let value: Literal = { start, end: start, isQuoted: false };
  let depth = 0;
  for (let at = start; at < limit && depth <= MAX_DEPTH; at++) {
    const byte = text.bytes[at]!;
    if (byte === 0x27) {
      const end = stringEnd(text, at + 1, limit);
      value = { start: at + 1, end, isQuoted: true };
      at = end;
    } else if (byte === 0x28) depth++;
    else if (depth === 0 && (byte === 0x2c || byte === 0x29)) {
      values.push(value);
      if (byte === 0x29) return { values, end: at };
      value = { start: at + 1, end: at + 1, isQuoted: false };
    } else if (byte === 0x29) depth--;
  }
  return depth > MAX_DEPTH ? { values: [], end: limit } : { values: [...values, value], end: limit };
}

/** Where the last of the rows ends that follow the row that ended at `end`. */
function lastRowEnd(text: TextRange, end: number): number {
  let last = end;
  for (;;) {
    const next = NEXT_ROW.exec(latin1(text, last + 1, last + 12))?.[0];
    if (!next) return last;
    const row = readRow(text, last + 1 + next.length);
    if (row.end >= text.end) return text.end;
    last = row.end;
  }
}

/** Whether a row after `VALUES` at `anchorAt` has passwords in columns that are named so. */
export function findInserted(text: TextRange, anchorAt: number, found: Found): boolean {
  const columns = columnsBefore(text, anchorAt);
  if (!columns.some((name) => SECRET.test(name) || TOKEN.test(name))) return false;
  const valuesEnd = anchorAt + INSERT_ANCHOR.length;
  const opened = OPENED.exec(latin1(text, valuesEnd, valuesEnd + 6))?.[0];
  if (!opened) return false;
  const start = valuesEnd + opened.length;
  const row = readRow(text, start);
  if (row.values.length === 0 || latin1(text, start, row.end).includes('[redacted:')) return false;
  const secrets = row.values.filter((value, index) => {
    const name = columns[index] ?? '';
    const kind = SECRET.test(name) ? 'secret' : 'token';
    const context = { kind, isQuoted: true, isLoose: false, isLast: true } as const;
    if (!value.isQuoted || (kind === 'token' && !TOKEN.test(name))) return false;
    return isCredentialValue(latin1(text, value.start, Math.min(value.end, value.start + 256)), context);
  });
  if (secrets.length === 0) return false;
  const first = secrets[0]!.start;
  const rowsEnd = lastRowEnd(text, row.end);
  found.start = PLAIN.test(latin1(text, start, first)) ? first : start;
  found.end = rowsEnd > row.end ? rowsEnd : secrets.at(-1)!.end;
  return true;
}
