import { isSameLimits, type Limits } from './limits.ts';
import { createSenderMeter, type SenderMeter } from './sender-meter.ts';

/** The meters of all senders, made when they first send. */
export interface Meters {
  /** The meter of a key, '' for senders without one. With other limits than before it begins anew. */
  of(id: string, limits: Limits): SenderMeter;
  /** Forgets all keys but those that `isKept`. */
  prune(isKept: (id: string) => boolean): void;
}

export function createMeters(monotonicMs: () => number): Meters {
  const meters = new Map<string, SenderMeter>();
  return {
    of(id, limits) {
      const known = meters.get(id);
      if (known !== undefined && isSameLimits(known.limits, limits)) return known;
      const meter = createSenderMeter(limits, monotonicMs);
      meters.set(id, meter);
      return meter;
    },
    prune(isKept) {
      for (const id of meters.keys()) if (id !== '' && !isKept(id)) meters.delete(id);
    },
  };
}
