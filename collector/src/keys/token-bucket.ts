/** So much a second, and at most what comes together in `burstSeconds` at once. */
export interface TokenBucket {
  /** Seconds until something may be taken again; 0 when it may. What was taken too much is a debt that has to be paid first. */
  debtSeconds(): number;
  /** Takes `amount`, or gives it back when negative. Never refuses: what a request brings is known after it came. */
  take(amount: number): void;
}

/** Starts full. `perSecond` above 0. */
export function createTokenBucket(
  { burstSeconds, perSecond }: { perSecond: number; burstSeconds: number },
  monotonicMs: () => number,
): TokenBucket {
  const capacity = perSecond * burstSeconds;
  let level = capacity;
  let filledMs = monotonicMs();
  const fill = () => {
    const nowMs = monotonicMs();
    level = Math.min(capacity, level + ((nowMs - filledMs) / 1000) * perSecond);
    filledMs = nowMs;
  };
  return {
    debtSeconds() {
      fill();
      return level > 0 ? 0 : Math.max(-level / perSecond, Number.MIN_VALUE);
    },
    take(amount) {
      fill();
      level = Math.min(capacity, level - amount);
    },
  };
}
