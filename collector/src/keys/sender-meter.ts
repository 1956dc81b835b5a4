import type { Limits } from './limits.ts';
import { createTokenBucket } from './token-bucket.ts';

/** Set aside for a request that was let in, until it is known what it brought. */
export interface Reserved {
  items: number;
  bytes: number;
}

/** Holds one sender to its items and bytes a second. */
export interface SenderMeter {
  readonly limits: Limits;
  /** Why nothing may come now, and for how many seconds; null when it may. */
  debt(): { of: 'items' | 'bytes'; seconds: number } | null;
  /** `bytes` as declared. */
  reserve(bytes: number): Reserved;
  settle(reserved: Reserved, brought: { items: number; bytes: number }): void;
}

/** How much the last request counts in what the next is expected to bring. */
const WEIGHT = 1 / 8;

export function createSenderMeter(limits: Limits, monotonicMs: () => number): SenderMeter {
  const { burstSeconds, bytesPerSecond, itemsPerSecond } = limits;
  const bucketOf = (perSecond: number) =>
    perSecond === 0 ? null : createTokenBucket({ perSecond, burstSeconds }, monotonicMs);
  const buckets = { items: bucketOf(itemsPerSecond), bytes: bucketOf(bytesPerSecond) };
  // How many items a request holds is known when it was read. Without a guess, all that wait together would be let in
  // together, as soon as there is room for one.
  let usualItems = 0;
  return {
    limits,
    debt() {
      const items = buckets.items?.debtSeconds() ?? 0;
      const bytes = buckets.bytes?.debtSeconds() ?? 0;
      if (items === 0 && bytes === 0) return null;
      return items >= bytes ? { of: 'items', seconds: items } : { of: 'bytes', seconds: bytes };
    },
    reserve(bytes) {
      const reserved = { items: usualItems, bytes };
      buckets.items?.take(reserved.items);
      buckets.bytes?.take(reserved.bytes);
      return reserved;
    },
    settle(reserved, { bytes, items }) {
      buckets.items?.take(items - reserved.items);
      buckets.bytes?.take(bytes - reserved.bytes);
      usualItems += (items - usualItems) * WEIGHT;
    },
  };
}
