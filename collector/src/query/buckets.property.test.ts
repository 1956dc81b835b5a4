import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BucketCounts, growth, quantileOf, readBuckets } from './buckets.ts';

const BOUNDS = [0.1, 0.5, 1, 2.5, 5, 10];

/** A histogram as an SDK would make it of `values`: upper bounds belong to their buckets. */
function histogramOf(values: readonly number[]): BucketCounts {
  const bucketCounts = [...BOUNDS, Number.POSITIVE_INFINITY].map(
    (bound, i) => values.filter((value) => value <= bound && value > (BOUNDS[i - 1] ?? -1)).length,
  );
  return readBuckets(JSON.stringify({ bucketCounts, explicitBounds: BOUNDS }));
}

function exponentialOf(values: readonly number[], scale: number): BucketCounts {
  const base = 2 ** (2 ** -scale);
  const indexes = values.map((value) => Math.ceil(Math.log(value) / Math.log(base)) - 1);
  const offset = Math.min(...indexes);
  const bucketCounts = new Array<number>(Math.max(...indexes) - offset + 1).fill(0);
  for (const index of indexes) bucketCounts[index - offset]!++;
  return readBuckets(
    JSON.stringify({ scale, zeroCount: 0, zeroThreshold: 0, positive: { offset, bucketCounts } }),
  );
}

const values = fc.array(fc.double({ min: 0.001, max: 9.9, noNaN: true }), { minLength: 1, maxLength: 40 });
const quantile = fc.double({ min: 0.01, max: 1, noNaN: true });

/** The value of rank `q` as the buckets count it. */
function exactQuantile(all: readonly number[], q: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)]!;
}

test('a quantile is in the bucket of the value of that rank', () => {
  fc.assert(
    fc.property(values, quantile, (all, q) => {
      const exact = exactQuantile(all, q);
      const upper = BOUNDS.find((bound) => exact <= bound)!;
      const lower = BOUNDS[BOUNDS.indexOf(upper) - 1] ?? 0;
      const found = quantileOf(histogramOf(all), q)!;
      assert.ok(found >= lower - 1e-9 && found <= upper + 1e-9, `${found} is not in [${lower}, ${upper}]`);
    }),
  );
});

test('a quantile of an exponential histogram is off by no more than the width of a bucket', () => {
  fc.assert(
    fc.property(values, quantile, fc.integer({ min: 0, max: 6 }), (all, q, scale) => {
      const base = 2 ** (2 ** -scale);
      const exact = exactQuantile(all, q);
      const found = quantileOf(exponentialOf(all, scale), q)!;
      assert.ok(
        found <= exact * base * 1.000001 && found >= exact / base / 1.000001,
        `${found} for ${exact}`,
      );
    }),
  );
});

test('a quantile never falls as q rises', () => {
  fc.assert(
    fc.property(values, quantile, quantile, (all, a, b) => {
      const counts = histogramOf(all);
      assert.ok(quantileOf(counts, Math.min(a, b))! <= quantileOf(counts, Math.max(a, b))! + 1e-9);
    }),
  );
});

test('the growth from some values to more is the histogram of those that came', () => {
  fc.assert(
    fc.property(values, values, (first, more) => {
      const grown = growth(histogramOf(first), histogramOf([...first, ...more]));
      assert.deepEqual(grown, histogramOf(more));
    }),
  );
});
