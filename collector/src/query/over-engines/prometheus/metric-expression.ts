import { quantileOfStat } from '../../stats.ts';
import type { MetricFamily } from './metric-family.ts';
import { BIRTH_LABEL, growth, lastValue } from './promql.ts';

/** What is plotted, and how its series are put together. */
export interface Plot {
  family: MetricFamily;
  stat: string;
  stepMs: number;
  /** Labels that tell lines apart, or those that do not. */
  grouping: { by: readonly string[] } | { without: readonly string[] };
  /** Selectors of the series called `name`, of which one fits each. */
  select(name: string): string[];
}

/**
 * One value a step and line: sums of rates and increases, means of values, quantiles of merged buckets, as the store
 * has them.
 */
export function expressionOf(plot: Plot): string {
  const { family, stat, stepMs } = plot;
  const q = quantileOfStat(stat);
  if (q !== null) return `histogram_quantile(${q}, ${buckets(plot)})`;
  if (stat === 'value') return `avg ${group(plot)} (${each(plot, family.seriesName, lastValue)})`;
  if (stat === 'avg') return mean(plot);
  const grown = total(plot);
  return stat === 'rate' ? `${grown} / ${stepMs / 1000}` : grown;
}

function total(plot: Plot): string {
  const grown = sum(plot, plot.family.seriesName);
  return plot.family.type === 'exponential_histogram' ? `histogram_count(${grown})` : grown;
}

function mean(plot: Plot): string {
  const { name, type } = plot.family;
  if (type === 'exponential_histogram') return `histogram_avg(${sum(plot, name)})`;
  return `${sum(plot, `${name}_sum`)} / ${sum(plot, `${name}_count`)}`;
}

function buckets(plot: Plot): string {
  const { name, type } = plot.family;
  return type === 'exponential_histogram' ? sum(plot, name) : sum(plot, `${name}_bucket`, ['le']);
}

function sum(plot: Plot, name: string, more: readonly string[] = []): string {
  return `sum ${group(plot, more)} (${each(plot, name, growth)})`;
}

function each(plot: Plot, name: string, of: (select: string, ms: number) => string): string {
  return plot
    .select(name)
    .map((select) => of(select, plot.stepMs))
    .join(' or ');
}

function group({ grouping }: Plot, more: readonly string[] = []): string {
  if ('without' in grouping) return `without (${[...grouping.without, BIRTH_LABEL].join(', ')})`;
  return `by (${[...grouping.by, ...more].join(', ')})`;
}
