import type { LimitsConfig } from './config.ts';
import type { KeyLimits } from './key-record.ts';

/** The limits that hold for a sender; 0 is none. */
export interface Limits {
  itemsPerSecond: number;
  bytesPerSecond: number;
  burstSeconds: number;
  itemsPerDay: number;
}

/** A key's own limits, and what is configured where it has none. */
export function limitsFor(own: KeyLimits, configured: LimitsConfig): Limits {
  return {
    itemsPerSecond: own.itemsPerSecond ?? configured.items_per_second,
    bytesPerSecond: own.bytesPerSecond ?? configured.bytes_per_second,
    burstSeconds: own.burstSeconds ?? configured.burst_seconds,
    itemsPerDay: own.itemsPerDay ?? configured.items_per_day,
  };
}

export function isSameLimits(a: Limits, b: Limits): boolean {
  return (
    a.itemsPerSecond === b.itemsPerSecond &&
    a.bytesPerSecond === b.bytesPerSecond &&
    a.burstSeconds === b.burstSeconds &&
    a.itemsPerDay === b.itemsPerDay
  );
}
