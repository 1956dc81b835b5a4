import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rowTop, rowWindow } from './virtual-window.ts';

const NONE = new Map<number, number>();

test('only rows in view and a few beyond are drawn', () => {
  const view = {
    count: 100_000,
    rowHeight: 20,
    extra: NONE,
    scrollTop: 20_000,
    viewHeight: 400,
    overscan: 5,
  };
  assert.deepEqual(rowWindow(view), { first: 995, end: 1026, totalHeight: 2_000_000 });
});

test('an opened row pushes down what follows', () => {
  const extra = new Map([[2, 300]]);
  assert.equal(rowTop(2, 20, extra), 40);
  assert.equal(rowTop(3, 20, extra), 360);
  const view = { count: 10, rowHeight: 20, extra, scrollTop: 100, viewHeight: 100, overscan: 0 };
  assert.deepEqual(rowWindow(view), { first: 2, end: 3, totalHeight: 500 });
});

test('an empty list draws nothing', () => {
  const view = { count: 0, rowHeight: 20, extra: NONE, scrollTop: 0, viewHeight: 400, overscan: 5 };
  assert.deepEqual(rowWindow(view), { first: 0, end: 0, totalHeight: 0 });
});

test('every row that touches the view is drawn', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.tuple(fc.nat(499), fc.integer({ min: 1, max: 900 })), { maxLength: 5 }),
      fc.nat(12_000),
      (count, opened, scrollTop) => {
        const extra = new Map(opened.filter(([index]) => index < count));
        const { first, end } = rowWindow({
          count,
          rowHeight: 20,
          extra,
          scrollTop,
          viewHeight: 300,
          overscan: 0,
        });
        for (let index = 0; index < count; index += 1) {
          const top = rowTop(index, 20, extra);
          const bottom = rowTop(index + 1, 20, extra);
          if (bottom > scrollTop && top <= scrollTop + 300) assert.ok(index >= first && index < end);
        }
      },
    ),
  );
});
