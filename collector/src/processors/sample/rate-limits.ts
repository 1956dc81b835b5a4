import type { Signal } from '#core/signal.ts';
import { compileOptional } from '../pattern.ts';
import type { SampleConfig } from './config.ts';
import { isAtMost } from './severity.ts';
import { type Bucket, createTokenBuckets, type TokenBuckets } from './token-buckets.ts';
import type { Item, Verdict } from './walk.ts';

/** Long enough for what senders gather in their batches, 5 seconds of spans by default. */
const BURST_SECONDS = 10;

interface Limit {
  verdict: Verdict;
  matches(service: string, severity: number): boolean;
  buckets: TokenBuckets;
}

/** A group of items that pass together. `severity` is 0 for what has none. */
export interface Together {
  items: Item[];
  severity: number;
}

/** The limits of one signal. */
export interface RateLimits {
  readonly isActive: boolean;
  /** Gives all of the items a verdict, or takes their tokens, of each service its own. */
  pass(together: Together, nowMs: number): void;
}

function compile(limit: SampleConfig['rate_limits'][number], index: number): Limit {
  const { burst, per_second, severity_at_most } = limit;
  const service = compileOptional(limit.service);
  return {
    verdict: { reason: 'rate_limit', rule: `rate_limits[${index}]` },
    matches: (name, severity) =>
      (service === null || service(name)) &&
      (severity_at_most === undefined || isAtMost(severity, severity_at_most)),
    buckets: createTokenBuckets({
      perSecond: per_second,
      burst: burst ?? Math.max(1, per_second * BURST_SECONDS),
    }),
  };
}

interface Need {
  limit: Limit;
  bucket: Bucket;
  items: number;
}

/** The limits that hold for items of `signal`, with their buckets. */
export function createRateLimits(config: SampleConfig, signal: Signal): RateLimits {
  const limits = config.rate_limits
    .map((limit, index) => ({ signal: limit.signal, compiled: compile(limit, index) }))
    .filter((limit) => limit.signal === signal)
    .map(({ compiled }) => compiled);

  function needsOf({ items, severity }: Together, nowMs: number): Need[] {
    const needs: Need[] = [];
    for (const { service } of items) {
      const limit = limits.find((each) => each.matches(service, severity));
      if (limit === undefined) continue;
      const bucket = limit.buckets.bucketOf(service, nowMs);
      const need = needs.find((each) => each.bucket === bucket);
      if (need === undefined) needs.push({ limit, bucket, items: 1 });
      else need.items++;
    }
    return needs;
  }

  return {
    isActive: limits.length > 0,
    pass(together, nowMs) {
      const needs = needsOf(together, nowMs);
      const lacking = needs.find(({ bucket, items, limit }) => !limit.buckets.hasRoom(bucket, items));
      if (lacking === undefined)
        for (const { bucket, items, limit } of needs) limit.buckets.take(bucket, items);
      else for (const item of together.items) item.verdict = lacking.limit.verdict;
    },
  };
}
