import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spanOf } from './span.fixture.ts';
import { layoutTrace, visibleRows } from './waterfall.ts';

const trace = fc
  .array(fc.record({ parent: fc.integer({ min: -1, max: 40 }), start: fc.nat(1000), failed: fc.boolean() }), {
    maxLength: 40,
  })
  .map((items) =>
    items.map(({ parent, start, failed }, index) =>
      spanOf({
        spanId: `s${index}`,
        parentSpanId: parent === -1 ? null : `s${parent}`,
        startTimeUnixNano: String(1000 + start),
        statusCode: failed ? 'ERROR' : 'UNSET',
      }),
    ),
  );

test('every span has exactly one row, whatever parents are named', () => {
  fc.assert(
    fc.property(trace, (spans) => {
      const rows = layoutTrace(spans, '1000');
      assert.deepEqual(
        rows.map(({ span }) => span.spanId).toSorted(),
        spans.map(({ spanId }) => spanId).toSorted(),
      );
    }),
  );
});

test('descendants are the rows that follow with a greater depth, and collapsing hides just those', () => {
  fc.assert(
    fc.property(trace, (spans) => {
      const rows = layoutTrace(spans, '1000');
      rows.forEach((row, index) => {
        const below = rows.slice(index + 1, index + 1 + row.descendants);
        assert.ok(below.every(({ depth }) => depth > row.depth));
        assert.ok((rows[index + 1 + row.descendants]?.depth ?? 0) <= row.depth);
        assert.equal(row.errorsBelow, below.filter(({ span }) => span.statusCode === 'ERROR').length);
        assert.equal(visibleRows(rows, new Set([row.span.spanId])).length, rows.length - row.descendants);
      });
    }),
  );
});

test('ten thousand spans in one chain are laid out', () => {
  const spans = Array.from({ length: 10_000 }, (_, index) =>
    spanOf({ spanId: `s${index}`, parentSpanId: index === 0 ? null : `s${index - 1}` }),
  );
  const rows = layoutTrace(spans, '1000');
  assert.equal(rows.at(-1)?.depth, 9_999);
  assert.equal(rows[0]?.descendants, 9_999);
});
