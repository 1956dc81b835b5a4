import type { CheckLimits } from '#otlp/check-state.ts';

/** Of an attribute with a key and a value of a few letters, and of one with something to be taken out. */
const MIN_MEMBER_BYTES = 16;
const MIN_SPOT_BYTES = 64;

/** Many tiny parts cost far more than their bytes tell, here and behind us. */
export function checkLimitsOf({ maxBytes, maxItems }: { maxBytes: number; maxItems: number }): CheckLimits {
  return {
    maxItems,
    maxMembers: Math.ceil(maxBytes / MIN_MEMBER_BYTES),
    maxSpots: Math.ceil(maxBytes / MIN_SPOT_BYTES),
  };
}
