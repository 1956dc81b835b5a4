import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureClockOffsets, type TimedSpan } from './clock-skew.ts';

const MS = 1_000_000n;

interface Input {
  id: string;
  parent?: string;
  clock: number;
  from: number;
  to: number;
  async?: boolean;
}

/** Times in milliseconds. */
function spansOf(...inputs: Input[]): TimedSpan[] {
  return inputs.map(({ id, parent, clock, from, to, async = false }) => ({
    spanId: id,
    parentSpanId: parent ?? null,
    clock,
    synchronous: !async,
    start: BigInt(from) * MS,
    end: BigInt(to) * MS,
  }));
}

function offsetsMs(...inputs: Input[]): Record<string, number> {
  return Object.fromEntries(
    [...measureClockOffsets(spansOf(...inputs))].map(([id, nano]) => [id, nano / 1e6]),
  );
}

test('spans that fit into their parents are left alone', () => {
  const offsets = offsetsMs(
    { id: 'a', clock: 1, from: 0, to: 100 },
    { id: 'b', parent: 'a', clock: 2, from: 10, to: 90 },
    { id: 'c', parent: 'b', clock: 3, from: 20, to: 80 },
  );
  assert.deepEqual(offsets, { a: 0, b: 0, c: 0 });
});

for (const skew of [3000, -3000]) {
  test(`a service whose clock is ${skew} ms off is brought into its parent, with all its spans`, () => {
    const offsets = offsetsMs(
      { id: 'a', clock: 1, from: 0, to: 100 },
      { id: 'b', parent: 'a', clock: 2, from: 10 + skew, to: 90 + skew },
      { id: 'c', parent: 'b', clock: 2, from: 20 + skew, to: 30 + skew },
      { id: 'd', parent: 'a', clock: 2, from: 95 + skew, to: 99 + skew },
    );
    assert.deepEqual(offsets, { a: 0, b: -skew, c: -skew, d: -skew });
  });
}

test('what a service with a wrong clock calls is measured on the corrected clock', () => {
  const offsets = offsetsMs(
    { id: 'a', clock: 1, from: 0, to: 100 },
    { id: 'b', parent: 'a', clock: 2, from: 5010, to: 5090 },
    { id: 'c', parent: 'b', clock: 3, from: 20, to: 80 },
    { id: 'd', parent: 'c', clock: 1, from: 30, to: 70 },
  );
  assert.deepEqual(offsets, { a: 0, b: -5000, c: 0, d: 0 });
});

test('a consumer that starts long after its producer is left alone', () => {
  const offsets = offsetsMs(
    { id: 'a', clock: 1, from: 0, to: 10 },
    { id: 'b', parent: 'a', clock: 2, from: 60_000, to: 61_000, async: true },
  );
  assert.deepEqual(offsets, { a: 0, b: 0 });
});

test('a consumer before its producer is moved to its start', () => {
  const offsets = offsetsMs(
    { id: 'a', clock: 1, from: 5000, to: 5010 },
    { id: 'b', parent: 'a', clock: 2, from: 2000, to: 2500, async: true },
  );
  assert.deepEqual(offsets, { a: 0, b: 3000 });
});

test('a synchronous call tells the clock of a service, also when a message to it is seen before', () => {
  for (const order of [
    ['call', 'message'],
    ['message', 'call'],
  ]) {
    const inputs = order.map((id) => ({
      id,
      parent: 'a',
      clock: 2,
      from: 3010,
      to: 3090,
      async: id === 'message',
    }));
    const offsets = offsetsMs({ id: 'a', clock: 1, from: 0, to: 100 }, ...inputs);
    assert.deepEqual(offsets, { a: 0, call: -3000, message: -3000 });
  }
});

test('a child longer than its parent starts with it', () => {
  const offsets = offsetsMs(
    { id: 'a', clock: 1, from: 1000, to: 1100 },
    { id: 'b', parent: 'a', clock: 2, from: 4000, to: 4500 },
  );
  assert.deepEqual(offsets, { a: 0, b: -3000 });
});

test('less than a millisecond is no skew', () => {
  const spans = spansOf(
    { id: 'a', clock: 1, from: 10, to: 20 },
    { id: 'b', parent: 'a', clock: 2, from: 10, to: 15 },
  );
  spans[1]!.start -= 999_999n;
  assert.equal(measureClockOffsets(spans).get('b'), 0);
});

test('spans without their parent, or twice in the list, have an offset; a circle of parents ends', () => {
  const offsets = offsetsMs(
    { id: 'orphan', parent: 'gone', clock: 2, from: 0, to: 10 },
    { id: 'twice', clock: 1, from: 0, to: 10 },
    { id: 'twice', clock: 1, from: 0, to: 10 },
  );
  assert.deepEqual(offsets, { orphan: 0, twice: 0 });
  const circle = spansOf(
    { id: 'x', parent: 'y', clock: 1, from: 0, to: 1 },
    { id: 'y', parent: 'x', clock: 1, from: 0, to: 1 },
  );
  assert.deepEqual([...measureClockOffsets(circle)], []);
});
