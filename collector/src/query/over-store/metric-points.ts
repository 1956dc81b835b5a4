import type { Row } from '#store/reader.ts';
import { addBuckets, type BucketCounts, growth, quantileOf, readBuckets } from '../buckets.ts';
import type { MetricPoint } from '../results.ts';
import { quantileOfStat } from '../stats.ts';

interface PlotOptions {
  stat: string;
  delta: boolean;
  axis: { fromSeconds: number; stepSeconds: number; steps: number };
}

/**
 * One value a step for series plotted together: sums of rates and increases, means of values, quantiles of
 * merged buckets. A step without data is null, never 0. Rows are those of metric-buckets.sql, by series.
 */
export function pointsOf(rowsBySeries: readonly (readonly Row[])[], options: PlotOptions): MetricPoint[] {
  const { axis, stat } = options;
  const q = quantileOfStat(stat);
  const values =
    q === null ? numberSteps(rowsBySeries, options) : quantileSteps(rowsBySeries, { ...options, q });
  return Array.from({ length: axis.steps }, (_, step) => [
    axis.fromSeconds + step * axis.stepSeconds,
    values.get(step) ?? null,
  ]);
}

function numberSteps(rowsBySeries: readonly (readonly Row[])[], options: PlotOptions): Map<number, number> {
  const sums = new Map<number, { above: number; below: number }>();
  for (const row of rowsBySeries.flat()) {
    const step = Number(row.bucket);
    const value = step < 0 ? null : contribution(row, options);
    if (value === null) continue;
    const sum = sums.get(step) ?? { above: 0, below: 0 };
    sum.above += value.above;
    sum.below += value.below;
    sums.set(step, sum);
  }
  const isSum = options.stat === 'rate' || options.stat === 'increase';
  const divisor = options.stat === 'rate' ? options.axis.stepSeconds : 1;
  return new Map(
    [...sums]
      .filter(([, { below }]) => isSum || below > 0)
      .map(([step, { above, below }]) => [step, above / (isSum ? divisor : below)]),
  );
}

/** What a row adds to its step, as a fraction: sums add up, means weigh by `below`. */
function contribution(row: Row, { stat, delta }: PlotOptions): { above: number; below: number } | null {
  if (stat === 'value') return row.last === null ? null : { above: Number(row.last), below: 1 };
  const count = delta ? row.total : row.increase;
  if (count === null) return null;
  if (stat !== 'avg') return { above: Number(count), below: 1 };
  return { above: Number((delta ? row.total_sum : row.sum_increase) ?? 0), below: Number(count) };
}

function quantileSteps(
  rowsBySeries: readonly (readonly Row[])[],
  options: PlotOptions & { q: number },
): Map<number, number> {
  const steps = new Map<number, BucketCounts>();
  for (const rows of rowsBySeries) {
    for (const [step, counts] of options.delta ? deltaBuckets(rows) : cumulativeBuckets(rows, options)) {
      const total = steps.get(step) ?? new Map();
      addBuckets(total, counts);
      steps.set(step, total);
    }
  }
  const quantiles = [...steps].map(([step, counts]) => [step, quantileOf(counts, options.q)] as const);
  return new Map(quantiles.filter((entry): entry is [number, number] => entry[1] !== null));
}

function* deltaBuckets(rows: readonly Row[]): Generator<[number, BucketCounts]> {
  for (const row of rows) {
    if (Number(row.bucket) < 0) continue;
    for (const detail of row.details as string[]) yield [Number(row.bucket), readBuckets(detail)];
  }
}

function* cumulativeBuckets(rows: readonly Row[], { axis }: PlotOptions): Generator<[number, BucketCounts]> {
  let earlier: BucketCounts | null = null;
  let earlierStart: unknown = null;
  for (const row of rows) {
    const later = readBuckets(String(row.last_detail));
    const step = Number(row.bucket);
    const began = Number(row.last_start) / 1e9 >= axis.fromSeconds;
    if (earlier !== null && step >= 0)
      yield [step, earlierStart === row.last_start ? growth(earlier, later) : later];
    else if (step >= 0 && began) yield [step, later];
    earlier = later;
    earlierStart = row.last_start;
  }
}
