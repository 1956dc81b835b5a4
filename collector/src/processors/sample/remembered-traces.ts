/** Traces that are kept whatever their randomness, each with the threshold of the span that made it one. */
export interface RememberedTraces {
  /** Notes a trace; answers with the lowest threshold noted for it. */
  note(trace: string, threshold: bigint, nowMs: number): bigint;
  /** The threshold of a trace, which is then remembered for as long again; null when it is not known. */
  recall(trace: string, nowMs: number): bigint | null;
  readonly size: number;
}

/** At most `max` traces, each for `seconds` after it was noted or recalled; what was so the longest ago goes first. */
export function createRememberedTraces(limits: { seconds: number; max: number }): RememberedTraces {
  const traces = new Map<string, { threshold: bigint; untilMs: number }>();
  const lifeMs = limits.seconds * 1000;

  /** The order in the map is the order of `untilMs`. */
  function put(trace: string, threshold: bigint, nowMs: number): void {
    traces.delete(trace);
    traces.set(trace, { threshold, untilMs: nowMs + lifeMs });
    for (const [oldest, { untilMs }] of traces) {
      if (traces.size <= limits.max && untilMs > nowMs) return;
      traces.delete(oldest);
    }
  }

  function recall(trace: string, nowMs: number): bigint | null {
    const known = traces.get(trace);
    if (known === undefined || known.untilMs <= nowMs) return null;
    put(trace, known.threshold, nowMs);
    return known.threshold;
  }

  return {
    note(trace, threshold, nowMs) {
      const known = recall(trace, nowMs);
      const lowest = known !== null && known < threshold ? known : threshold;
      put(trace, lowest, nowMs);
      return lowest;
    },
    recall,
    get size() {
      return traces.size;
    },
  };
}
