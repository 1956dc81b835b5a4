import { BadRequestError } from './requests.ts';

/** What can be plotted of a metric, by its type. The first of each list is the default. */
const STATS: Record<string, readonly string[]> = {
  gauge: ['value'],
  sum: ['rate', 'increase', 'value'],
  histogram: ['p95', 'p50', 'p99', 'avg', 'rate', 'increase'],
  exponential_histogram: ['p95', 'p50', 'p99', 'avg', 'rate', 'increase'],
  summary: ['avg', 'rate', 'increase'],
};

/** Checks `wanted` against the type; null takes the default. Throws BadRequestError. */
export function chooseStat(metric: { type: string; monotonic: boolean }, wanted: string | null): string {
  const known = metric.type === 'sum' && !metric.monotonic ? ['value'] : (STATS[metric.type] ?? ['value']);
  if (wanted === null) return known[0]!;
  if (known.includes(wanted)) return wanted;
  throw new BadRequestError('stat', `must be one of ${known.join(', ')} for a ${metric.type}`);
}

/** 0.5 for `p50` and so on; null for other stats. */
export function quantileOfStat(stat: string): number | null {
  return /^p\d+$/.test(stat) ? Number(stat.slice(1)) / 100 : null;
}
