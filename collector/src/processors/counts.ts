import type { ProcessorCount } from '#core/processor-count.ts';
import type { Signal } from '#core/signal.ts';

const MAX_COUNTS = 2_000;
/** Stands for the services that came when no more were told apart. */
export const OTHER_SERVICES = '(other)';

/** What processors did since the start, by what and for whom. */
export interface ProcessorCounts {
  add(
    done: { processor: string; rule: string; action: string; service: string; signal: Signal },
    count: number,
  ): void;
  list(): ProcessorCount[];
}

/**
 * Makes counts of at most 2,000 combinations; what comes later is counted for the service `(other)`. Services are listed
 * under the name that `shownName` gives, since counts are told to others.
 */
export function createProcessorCounts(
  wallMs: () => number,
  shownName: (service: string) => string,
): ProcessorCounts {
  const counts = new Map<string, ProcessorCount>();

  function entry(done: Omit<ProcessorCount, 'count' | 'lastUnixMs'>): ProcessorCount {
    const name = [done.processor, done.rule, done.action, done.signal, done.service].join('\n');
    const known = counts.get(name);
    if (known !== undefined) return known;
    // Without the service there are only as many as there are rules.
    if (counts.size >= MAX_COUNTS && done.service !== OTHER_SERVICES)
      return entry({ ...done, service: OTHER_SERVICES });
    const made = { ...done, count: 0, lastUnixMs: 0 };
    counts.set(name, made);
    return made;
  }

  return {
    add(done, count) {
      if (count <= 0) return;
      const found = entry({ ...done, service: shownName(done.service) });
      found.count += count;
      found.lastUnixMs = wallMs();
    },
    list: () => [...counts.values()],
  };
}
