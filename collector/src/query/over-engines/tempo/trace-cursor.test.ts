import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeTraceCursor, encodeTraceCursor, isBefore } from './trace-cursor.ts';

const id = (n: number) => n.toString(16).padStart(32, '0');
const at = (start: bigint, n: number) => ({ start, traceId: id(n) });

test('a cursor names the last trace, and how many of its second were shown on all pages', () => {
  const first = decodeTraceCursor(encodeTraceCursor([at(5_000_000_009n, 9), at(4_000_000_007n, 8)], null));
  assert.deepEqual(first, { start: 4_000_000_007n, traceId: id(8), shownInSecond: 1 });
  const shown = [at(4_000_000_007n, 7), at(4_000_000_001n, 6)];
  const second = decodeTraceCursor(encodeTraceCursor(shown, first));
  assert.deepEqual(second, { start: 4_000_000_001n, traceId: id(6), shownInSecond: 3 });
  const third = decodeTraceCursor(encodeTraceCursor([at(3_999_999_999n, 5)], second));
  assert.equal(third!.shownInSecond, 1);
});

test('behind a cursor come earlier traces, and of the same start those with a smaller id', () => {
  const cursor = { ...at(7n, 5), shownInSecond: 1 };
  assert.ok(isBefore(at(6n, 9), cursor));
  assert.ok(isBefore(at(7n, 4), cursor));
  assert.ok(!isBefore(at(7n, 5), cursor));
  assert.ok(!isBefore(at(7n, 6), cursor));
  assert.ok(!isBefore(at(8n, 1), cursor));
});

test('what is no cursor of this list is refused', () => {
  assert.equal(decodeTraceCursor(null), null);
  for (const text of ['', 'x', `7:${id(1)}`, `7:${id(1)}-`, `7:${id(1)}-1234567`]) {
    const cursor = Buffer.from(text).toString('base64url');
    assert.throws(() => decodeTraceCursor(cursor), { name: 'BadRequestError' }, text);
  }
});
