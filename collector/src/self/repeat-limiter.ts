export interface RepeatLimit {
  /** The first of a kind is let through, and then every so many. */
  every: number;
  /** Kinds told apart; all others count as one. */
  maxKinds: number;
}

export interface RepeatLimiter {
  /** How many of this kind were held back since the last one let through, or null to hold this one back. */
  admit(kind: string): { suppressed: number } | null;
  /** Forgets all kinds; returns those with something held back that no line has told yet. */
  reset(): { kind: string; suppressed: number }[];
}

const OTHER_KINDS = 'other kinds';

/** Keeps a flood of equal events to a few lines without losing their number. */
export function createRepeatLimiter({ every, maxKinds }: RepeatLimit): RepeatLimiter {
  let seen = new Map<string, { count: number; suppressed: number }>();
  return {
    admit(kind) {
      const known = seen.has(kind) || seen.size < maxKinds ? kind : OTHER_KINDS;
      const entry = seen.get(known) ?? { count: 0, suppressed: 0 };
      seen.set(known, entry);
      if (entry.count++ % every !== 0) {
        entry.suppressed++;
        return null;
      }
      const { suppressed } = entry;
      entry.suppressed = 0;
      return { suppressed };
    },
    reset() {
      const untold = [...seen]
        .filter(([, entry]) => entry.suppressed > 0)
        .map(([kind, { suppressed }]) => ({ kind, suppressed }));
      seen = new Map();
      return untold;
    },
  };
}
