import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addBuckets, growth, quantileOf, readBuckets } from './buckets.ts';

const INF = Number.POSITIVE_INFINITY;

function explicit(bounds: number[], bucketCounts: number[]) {
  return readBuckets(JSON.stringify({ bucketCounts, explicitBounds: bounds }));
}

function exponential(detail: object) {
  const empty = { offset: 0, bucketCounts: [] };
  const full = { scale: 0, zeroCount: 0, zeroThreshold: 0, positive: empty, negative: empty, ...detail };
  return readBuckets(JSON.stringify(full));
}

test('a quantile lies on the line between the edges of its bucket', () => {
  const counts = explicit([10, 20, 40], [10, 20, 10, 0]);
  assert.equal(quantileOf(counts, 0.5), 15);
  assert.equal(quantileOf(counts, 0.25), 10);
  assert.equal(quantileOf(counts, 1), 40);
  assert.equal(quantileOf(counts, 0.125), 5);
});

test('a quantile in the open bucket is its lower edge, as in Prometheus', () => {
  assert.equal(quantileOf(explicit([1, 2], [1, 0, 9]), 0.95), 2);
});

test('a first bucket below zero gives its upper edge', () => {
  assert.equal(quantileOf(explicit([-5, 5], [4, 0, 0]), 0.5), -5);
});

test('without observations or without bounds there is no quantile', () => {
  assert.equal(quantileOf(explicit([1, 2], [0, 0, 0]), 0.5), null);
  assert.equal(quantileOf(explicit([], []), 0.5), null);
  assert.equal(quantileOf(explicit([], [7]), 0.5), null);
});

test('values of one exponential bucket stay within its edges, far from zero', () => {
  // Scale 3: base 2^(1/8); index 80 holds (1024, 1116.7...].
  const counts = exponential({ scale: 3, positive: { offset: 80, bucketCounts: [6] } });
  for (const q of [0, 0.5, 0.99, 1]) {
    const value = quantileOf(counts, q)!;
    assert.ok(value >= 1023.999 && value <= 1116.76, `${q}: ${value}`);
  }
});

test('zero, negative and positive buckets of an exponential histogram are in their order', () => {
  const counts = exponential({
    zeroCount: 2,
    zeroThreshold: 0.25,
    negative: { offset: 1, bucketCounts: [4] },
    positive: { offset: 0, bucketCounts: [0, 4] },
  });
  assert.equal(quantileOf(counts, 0.2), -3);
  assert.equal(quantileOf(counts, 0.8), 3);
  const middle = quantileOf(counts, 0.5)!;
  assert.ok(middle > -2 && middle <= 0.25, String(middle));
});

test('adding counts bound by bound merges two histograms', () => {
  const total = explicit([1, 2], [1, 2, 3]);
  addBuckets(total, explicit([1, 4], [10, 20, 30]));
  assert.deepEqual(
    total,
    new Map([
      [1, 11],
      [2, 2],
      [INF, 33],
      [4, 20],
    ]),
  );
});

test('the growth of a cumulative histogram is what came between', () => {
  const later = explicit([1, 2], [5, 5, 5]);
  assert.deepEqual(growth(explicit([1, 2], [1, 5, 2]), later), explicit([1, 2], [4, 0, 3]));
  assert.deepEqual(later, explicit([1, 2], [5, 5, 5]), 'the later state was changed');
});

test('a histogram that has less than before began anew', () => {
  const later = explicit([1, 2], [1, 0, 0]);
  assert.deepEqual(growth(explicit([1, 2], [2, 0, 0]), later), later);
});

test('a smaller scale takes the earlier counts into its wider buckets', () => {
  const fine = exponential({ scale: 1, positive: { offset: 0, bucketCounts: [1, 2, 3, 4] } });
  const wide = exponential({ scale: 0, positive: { offset: 0, bucketCounts: [4, 8] } });
  assert.deepEqual(
    [...growth(fine, wide)].filter(([, count]) => count > 0),
    [
      [2, 1],
      [4, 1],
    ],
  );
});
