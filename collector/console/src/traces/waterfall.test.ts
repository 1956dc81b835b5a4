import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanOf } from './span.fixture.ts';
import { extentOf, firstError, layoutTrace, selfTimeNano, visibleRows } from './waterfall.ts';

const child = (spanId: string, parentSpanId: string, times: readonly [start: number, duration?: number]) =>
  spanOf({ spanId, parentSpanId, startTimeUnixNano: String(times[0]), durationNano: times[1] ?? 100 });

const names = (rows: readonly { span: { spanId: string } }[]) => rows.map(({ span }) => span.spanId);

test('parents come before children, and children in the order they started', () => {
  const rows = layoutTrace(
    [
      child('late', 'root', [1500]),
      child('early', 'root', [1100]),
      spanOf({ spanId: 'root' }),
      child('deep', 'early', [1120]),
    ],
    '1000',
  );
  assert.deepEqual(names(rows), ['root', 'early', 'deep', 'late']);
  assert.deepEqual(
    rows.map(({ depth }) => depth),
    [0, 1, 2, 1],
  );
  assert.deepEqual(
    rows.map(({ descendants }) => descendants),
    [3, 1, 0, 0],
  );
});

test('a skewed clock is corrected before spans are ordered', () => {
  const ahead = { ...child('ahead', 'root', [4_000]), clockOffsetNano: -2_900 };
  const rows = layoutTrace([spanOf({ spanId: 'root' }), child('plain', 'root', [1300]), ahead], '1000');
  assert.deepEqual(names(rows), ['root', 'ahead', 'plain']);
  assert.equal(rows[1]?.startNano, 100);
});

test('spans without their parent, and parents of each other, are still shown', () => {
  const rows = layoutTrace(
    [
      child('orphan', 'gone', [1200]),
      child('a', 'b', [1300]),
      child('b', 'a', [1400]),
      child('self', 'self', [1500]),
    ],
    '1000',
  );
  assert.deepEqual(names(rows).toSorted(), ['a', 'b', 'orphan', 'self']);
  assert.deepEqual(
    rows.filter(({ parentMissing }) => parentMissing).map(({ span }) => span.spanId),
    ['orphan'],
  );
});

test('a span that was sent twice is one row', () => {
  assert.equal(layoutTrace([spanOf({ spanId: 'a' }), spanOf({ spanId: 'a' })], '1000').length, 1);
});

test('a collapsed span hides all below it and says how many of them failed', () => {
  const failed = { ...child('failed', 'mid', [1200]), statusCode: 'ERROR' };
  const rows = layoutTrace(
    [spanOf({ spanId: 'root' }), child('mid', 'root', [1100]), failed, child('next', 'root', [1600])],
    '1000',
  );
  assert.deepEqual(names(visibleRows(rows, new Set(['mid']))), ['root', 'mid', 'next']);
  assert.equal(rows.find(({ span }) => span.spanId === 'mid')?.errorsBelow, 1);
  assert.equal(rows[0]?.errorsBelow, 1);
});

test('the trouble began where nothing below failed', () => {
  const error = { statusCode: 'ERROR' };
  const rows = layoutTrace(
    [
      spanOf({ spanId: 'root', ...error }),
      { ...child('a', 'root', [1100]), ...error },
      { ...child('b', 'a', [1150]), ...error },
      { ...child('later', 'root', [1800]), ...error },
    ],
    '1000',
  );
  assert.equal(firstError(rows)?.span.spanId, 'b');
  assert.equal(firstError(layoutTrace([spanOf({ spanId: 'fine' })], '1000')), null);
});

test('own time leaves out direct children, overlapping ones once', () => {
  const rows = layoutTrace(
    [
      spanOf({ spanId: 'root', durationNano: 1000 }),
      child('a', 'root', [1100, 300]),
      child('b', 'root', [1200, 400]),
      child('inner', 'a', [1150, 50]),
      child('after', 'root', [1900, 500]),
    ],
    '1000',
  );
  assert.equal(selfTimeNano(rows, 0), 1000 - 500 - 100);
  assert.equal(selfTimeNano(rows, 99), 0);
});

test('the extent covers what starts before and ends after the root', () => {
  const rows = layoutTrace(
    [spanOf({ spanId: 'root' }), child('before', 'root', [900]), child('after', 'root', [1900, 600])],
    '1000',
  );
  assert.deepEqual(extentOf(rows), { startNano: -100, widthNano: 1600 });
  assert.deepEqual(extentOf([]), { startNano: 0, widthNano: 1 });
});
