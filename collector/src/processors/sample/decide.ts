/** What is known of an item when it is decided about. Thresholds are 0 where nothing was left out. */
export interface Chance {
  /** That of the configuration. */
  ours: bigint;
  /** That the item came with, as `believed`. */
  incoming: bigint;
  /** That of the span for which its trace is kept; null when it is not. */
  noted: bigint | null;
}

/**
 * The threshold that an item says it was kept by. Above its randomness it cannot be true, and without any it cannot be
 * checked: then it is null, as where none is said (trace/tracestate-probability-sampling.md, on inconsistent `th`).
 */
export function believed(said: bigint | null, randomness: bigint | null): bigint | null {
  return said !== null && randomness !== null && said <= randomness ? said : null;
}

/**
 * The threshold of an item that stays, by which it is weighted; null when it goes. `randomness` is asked for only when it
 * counts. Without a noted trace this is the equalizing sampler of trace/tracestate-probability-sampling.md. An item of a
 * noted trace is there whenever the noted span is, so its threshold is lowered to that one's, never below its own.
 */
export function decide({ incoming, noted, ours }: Chance, randomness: () => bigint): bigint | null {
  const wanted = noted !== null && noted < ours ? noted : ours;
  if (incoming >= wanted) return incoming;
  return noted !== null || randomness() >= wanted ? wanted : null;
}
