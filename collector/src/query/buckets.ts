/** Counts of a histogram by the upper bound of each bucket, plain or from exponential buckets. */
export type BucketCounts = Map<number, number>;

interface Detail {
  bucketCounts?: number[];
  explicitBounds?: number[];
  scale?: number;
  zeroCount?: number;
  zeroThreshold?: number;
  positive?: { offset: number; bucketCounts: number[] };
  negative?: { offset: number; bucketCounts: number[] };
}

/** Reads the stored `detail` of a histogram or exponential histogram point (otlp/README.md). */
export function readBuckets(detailJson: string): BucketCounts {
  const detail = JSON.parse(detailJson) as Detail;
  return detail.scale === undefined ? explicitBuckets(detail) : exponentialBuckets(detail);
}

function explicitBuckets({ bucketCounts = [], explicitBounds = [] }: Detail): BucketCounts {
  return new Map(
    bucketCounts.map((count, index) => [explicitBounds[index] ?? Number.POSITIVE_INFINITY, count]),
  );
}

/** Bucket i holds (base^i, base^(i+1)], base = 2^(2^-scale) (opentelemetry-proto, metrics.proto). */
function exponentialBuckets(detail: Detail): BucketCounts {
  const base = 2 ** (2 ** -(detail.scale ?? 0));
  const counts: BucketCounts = new Map();
  const { negative, positive } = detail;
  // The edges below the first buckets: nothing was observed between zero and them.
  if (negative?.bucketCounts.length)
    counts.set(-(base ** (negative.offset + negative.bucketCounts.length)), 0);
  if (positive?.bucketCounts.length) counts.set(base ** positive.offset, 0);
  for (const [i, count] of (negative?.bucketCounts ?? []).entries()) {
    counts.set(-(base ** ((negative?.offset ?? 0) + i)), count);
  }
  if (detail.zeroCount) addBuckets(counts, new Map([[detail.zeroThreshold ?? 0, detail.zeroCount]]));
  for (const [i, count] of (positive?.bucketCounts ?? []).entries()) {
    counts.set(base ** ((positive?.offset ?? 0) + i + 1), count);
  }
  return counts;
}

/** Adds `more` to `total`. */
export function addBuckets(total: BucketCounts, more: BucketCounts): void {
  for (const [bound, count] of more) total.set(bound, (total.get(bound) ?? 0) + count);
}

/** Bounds computed from different scales differ in their last digits. */
const SAME_BOUND = 1e-9;

/**
 * What came between two cumulative states; the later one itself when the stream began anew. The later one may have
 * wider buckets, as when an exponential histogram went to a smaller scale: earlier counts go into those around them.
 */
export function growth(earlier: BucketCounts, later: BucketCounts): BucketCounts {
  const grown = [...later].map((entry): [number, number] => [...entry]).sort(([a], [b]) => a - b);
  const before = [...earlier].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  let at = 0;
  for (const [bound, count] of before) {
    const least = Number.isFinite(bound) ? bound - Math.abs(bound) * SAME_BOUND : bound;
    while (at < grown.length && grown[at]![0] < least) at++;
    const bucket = grown[at];
    if (bucket === undefined || bucket[1] < count) return later;
    bucket[1] -= count;
  }
  return new Map(grown);
}

/**
 * The `q`-quantile (0 to 1) by linear interpolation within its bucket, as Prometheus' histogram_quantile does;
 * in the last, open bucket its lower bound. null when there are no observations, or no bounds to place them.
 */
export function quantileOf(counts: BucketCounts, q: number): number | null {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  let lower: number | null = null;
  for (const [bound, count] of sorted) {
    if (count > 0 && below + count >= q * total) {
      if (bound === Number.POSITIVE_INFINITY) return lower;
      const from: number = lower ?? Math.min(0, bound);
      return from + (bound - from) * ((q * total - below) / count);
    }
    below += count;
    lower = bound;
  }
  return lower;
}
