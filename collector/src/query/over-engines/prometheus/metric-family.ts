import type { MetricIdentity } from '../../results.ts';
import { unitOfName } from './metric-unit.ts';

/** What people call one metric: a histogram or summary is several names in Prometheus. */
export interface MetricFamily extends MetricIdentity {
  type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary';
  /** The name whose series stand for the metric's: one each, without those of its buckets. */
  seriesName: string;
  /** Whose series carry the exemplars. */
  exemplarsName: string;
}

/**
 * Groups names into metrics and tells their type by them: Prometheus keeps no type of what came by OTLP. A native
 * histogram looks like a gauge here; `asNative` is for who has seen its samples.
 */
export function familiesOf(names: readonly string[]): MetricFamily[] {
  const all = new Set(names);
  const has =
    (...suffixes: string[]) =>
    (stem: string) =>
      suffixes.every((suffix) => all.has(stem + suffix));
  const isHistogram = has('_bucket', '_count', '_sum');
  const isSummary = has('_count', '_sum');
  const families = new Map<string, MetricFamily>();
  for (const name of names) {
    const stem = name.replace(/_(bucket|count|sum)$/, '');
    if (stem !== name && isSummary(stem)) {
      families.set(stem, isHistogram(stem) ? histogram(stem) : summary(stem));
    } else if (!isSummary(name)) families.set(name, plain(name));
  }
  return [...families.values()];
}

export function asNative(family: MetricFamily): MetricFamily {
  return { ...family, type: 'exponential_histogram', temporality: 'cumulative', monotonic: false };
}

export function asCounter(family: MetricFamily): MetricFamily {
  return { ...family, type: 'sum', temporality: 'cumulative', monotonic: true };
}

function plain(name: string): MetricFamily {
  const counts = name.endsWith('_total');
  return {
    ...identity(name),
    type: counts ? 'sum' : 'gauge',
    temporality: counts ? 'cumulative' : 'unspecified',
    monotonic: counts,
    seriesName: name,
    exemplarsName: name,
  };
}

function histogram(name: string): MetricFamily {
  return {
    ...identity(name),
    type: 'histogram',
    temporality: 'cumulative',
    seriesName: `${name}_count`,
    exemplarsName: `${name}_bucket`,
  };
}

function summary(name: string): MetricFamily {
  return { ...identity(name), type: 'summary', seriesName: `${name}_count`, exemplarsName: `${name}_count` };
}

function identity(name: string) {
  return { name, description: '', unit: unitOfName(name), temporality: 'unspecified', monotonic: false };
}
