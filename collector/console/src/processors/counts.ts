import type { ProcessorCount } from '#api/schemas/processors.ts';
import { readSort, sortRows } from '../widgets/sort.ts';

export const DEFAULT_SORT = '-count';

/** The counts of one processor. */
export interface CountGroup {
  processor: string;
  counts: ProcessorCount[];
}

/** The counts that the filters of the address let through. */
export function filterCounts(counts: readonly ProcessorCount[], params: URLSearchParams): ProcessorCount[] {
  const processor = params.get('processor') ?? '';
  const service = params.get('service') ?? '';
  return counts.filter(
    (count) =>
      (processor === '' || count.processor === processor) && (service === '' || count.service === service),
  );
}

/** Whether the address narrows the counts. */
export function hasCountFilters(params: URLSearchParams): boolean {
  return ['processor', 'service'].some((name) => (params.get(name) ?? '') !== '');
}

/** By processor in the order of `processors`, sorted as `sort` says; those without counts are left out. */
export function groupCounts(
  counts: readonly ProcessorCount[],
  processors: readonly string[],
  sort: string,
): CountGroup[] {
  const known = [...new Set([...processors, ...counts.map(({ processor }) => processor)])];
  return known.flatMap((processor) => {
    const own = counts.filter((count) => count.processor === processor);
    return own.length === 0 ? [] : [{ processor, counts: sortCounts(own, sort) }];
  });
}

function sortCounts(counts: readonly ProcessorCount[], text: string): ProcessorCount[] {
  const sort = readSort(text);
  return sortRows(counts, sort, (count) => {
    const value = count[sort.column as keyof ProcessorCount];
    return value ?? count.count;
  });
}

/** Names of services in order, for a choice. */
export function servicesOf(counts: readonly ProcessorCount[]): string[] {
  return [...new Set(counts.map(({ service }) => service))].sort((a, b) => a.localeCompare(b));
}

const SOME_SERVICE = /^\((all|other)\)$/;
/** These leave no mark of the form `[redacted:rule]`. */
const UNMARKED = new Set(['user-id', 'signed-url']);

/**
 * The page and the filters that show what was changed; null where there is nothing to show: dropped items are gone,
 * and metrics are not listed by what they hold.
 */
export function placeOf(
  count: ProcessorCount,
): { path: string; query: Readonly<Record<string, string>> } | null {
  const { action, processor, rule, service, signal } = count;
  if (action === 'dropped' || signal === 'metrics') return null;
  const isMarked =
    processor === 'redact' && action === 'redacted' && signal === 'logs' && !UNMARKED.has(rule);
  return {
    path: `/${signal}`,
    query: {
      ...(SOME_SERVICE.test(service) ? {} : { service }),
      ...(isMarked ? { q: `[redacted:${rule}]` } : {}),
    },
  };
}
