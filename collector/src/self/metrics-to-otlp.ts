import type { MetricJson } from './metrics.ts';

type Values = MetricJson['values'];
type Labels = Values[number]['labels'];

/** Times of an export in nanoseconds since 1970; counters started at `startUnixNano`. */
export interface MetricTimes {
  startUnixNano: bigint;
  timeUnixNano: bigint;
}

const CUMULATIVE = 2;

/**
 * An OTLP `ExportMetricsServiceRequest` in JSON (OTLP 1.11, proto3 JSON mapping) from prom-client's data:
 * counters become monotonic cumulative sums without the `_total` that a Prometheus exporter adds again,
 * gauges gauges, histograms histograms with explicit bounds. Values that are not finite are left out.
 */
export function metricsToOtlp(
  metrics: readonly MetricJson[],
  resource: Readonly<Record<string, string>>,
  times: MetricTimes,
): object {
  return {
    resourceMetrics: [
      {
        resource: { attributes: toAttributes(resource) },
        scopeMetrics: [
          { scope: { name: 'signalbox' }, metrics: metrics.flatMap((metric) => toMetric(metric, times)) },
        ],
      },
    ],
  };
}

function toMetric(metric: MetricJson, times: MetricTimes): object[] {
  const isPlain = metric.type === 'counter' || metric.type === 'gauge';
  const points = isPlain ? numberPoints(metric, times) : histogramPoints(metric, times);
  if (points.length === 0 || metric.type === 'summary') return [];
  const name = metric.type === 'counter' ? metric.name.replace(/_total$/, '') : metric.name;
  const described = { name, description: metric.help };
  if (metric.type === 'gauge') return [{ ...described, gauge: { dataPoints: points } }];
  const cumulative = { dataPoints: points, aggregationTemporality: CUMULATIVE };
  if (metric.type === 'counter') return [{ ...described, sum: { ...cumulative, isMonotonic: true } }];
  return [{ ...described, histogram: cumulative }];
}

function numberPoints(metric: MetricJson, times: MetricTimes): object[] {
  return metric.values
    .filter(({ value }) => Number.isFinite(value))
    .map(({ value, labels }) => ({
      attributes: toAttributes(labels),
      ...(metric.type === 'counter' ? { startTimeUnixNano: String(times.startUnixNano) } : {}),
      timeUnixNano: String(times.timeUnixNano),
      asDouble: value,
    }));
}

interface HistogramParts {
  labels: Labels;
  buckets: { bound: number; count: number }[];
  sum: number;
  count: number;
}

function histogramPoints(metric: MetricJson, times: MetricTimes): object[] {
  const byLabels = new Map<string, HistogramParts>();
  for (const { labels: all, value, metricName } of metric.values) {
    const { le, ...labels } = all;
    const key = JSON.stringify(labels);
    const parts = byLabels.get(key) ?? { labels, buckets: [], sum: 0, count: 0 };
    byLabels.set(key, parts);
    if (metricName?.endsWith('_sum')) parts.sum = value;
    else if (metricName?.endsWith('_count')) parts.count = value;
    else if (le !== '+Inf' && le !== undefined) parts.buckets.push({ bound: Number(le), count: value });
  }
  return [...byLabels.values()].map((parts) => toHistogramPoint(parts, times));
}

/** prom-client's buckets count everything up to their bound, OTLP's only what lies between two bounds. */
function toHistogramPoint({ labels, buckets, sum, count }: HistogramParts, times: MetricTimes): object {
  const sorted = buckets.toSorted((a, b) => a.bound - b.bound);
  const upTo = [...sorted.map((bucket) => bucket.count), count];
  return {
    attributes: toAttributes(labels),
    startTimeUnixNano: String(times.startUnixNano),
    timeUnixNano: String(times.timeUnixNano),
    count: String(count),
    sum,
    explicitBounds: sorted.map((bucket) => bucket.bound),
    bucketCounts: upTo.map((total, index) => String(total - (upTo[index - 1] ?? 0))),
  };
}

function toAttributes(labels: Labels): object[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: String(value) } }));
}
