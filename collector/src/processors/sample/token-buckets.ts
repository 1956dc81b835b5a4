/** What one service may still send. `tokens` goes below zero, to -burst, when more passes at once than there was. */
export interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket for each service. */
export interface TokenBuckets {
  /** The bucket of a service, filled up to now. */
  bucketOf(service: string, nowMs: number): Bucket;
  /** Whether `items` may pass together: as many are there, or it is full, so that no group is too large for ever. */
  hasRoom(bucket: Bucket, items: number): boolean;
  /** Takes the tokens of `items`. At most one burst is owed, or a huge group would shut its service out for hours. */
  take(bucket: Bucket, items: number): void;
  readonly size: number;
}

const MAX_BUCKETS = 1000;
const SWEEP_MS = 1000;

/** At most 1,000 buckets; services over that share one, until a bucket that is full makes room. */
export function createTokenBuckets({ burst, perSecond }: { perSecond: number; burst: number }): TokenBuckets {
  const buckets = new Map<string, Bucket>();
  const shared: Bucket = { tokens: burst, atMs: 0 };
  let sweptAtMs = -Infinity;

  function fill(bucket: Bucket, nowMs: number): Bucket {
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(burst, bucket.tokens + (elapsedMs * perSecond) / 1000);
    bucket.atMs = nowMs;
    return bucket;
  }

  /** A full bucket is as good as a new one. */
  function sweep(nowMs: number): void {
    if (nowMs - sweptAtMs < SWEEP_MS) return;
    sweptAtMs = nowMs;
    for (const [service, bucket] of buckets)
      if (fill(bucket, nowMs).tokens === burst) buckets.delete(service);
  }

  return {
    bucketOf(service, nowMs) {
      const known = buckets.get(service);
      if (known !== undefined) return fill(known, nowMs);
      if (buckets.size >= MAX_BUCKETS) sweep(nowMs);
      if (buckets.size >= MAX_BUCKETS) return fill(shared, nowMs);
      const bucket = { tokens: burst, atMs: nowMs };
      buckets.set(service, bucket);
      return bucket;
    },
    hasRoom: (bucket, items) => bucket.tokens >= Math.min(items, burst),
    take(bucket, items) {
      bucket.tokens = Math.max(-burst, bucket.tokens - items);
    },
    get size() {
      return buckets.size;
    },
  };
}
