import type { MetricResponse } from '#api/schemas/metrics.ts';
import { valueText } from '../format/value.ts';
import { alignSeries, type ChartSeries, openGaps, SERIES_COLORS } from '../widgets/chart-series.ts';

/** Lines beyond the eight colours repeat them with other strokes, so that colour and stroke together tell them apart. */
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [6, 3], [2, 3], [10, 3, 2, 3]];

/** What tells a series from the others of the same answer: only attributes that differ, and the service when it does. */
export function seriesLabels(series: MetricResponse['series']): string[] {
  const services = new Set(series.map(({ service }) => service));
  const keys = new Set(series.flatMap(({ attributes }) => Object.keys(attributes)));
  const text = (attributes: Readonly<Record<string, unknown>>, key: string) => valueText(attributes[key]);
  const telling = [...keys]
    .filter((key) => new Set(series.map((one) => text(one.attributes, key))).size > 1)
    .sort();
  return series.map(({ service, attributes }) => {
    const parts = telling.filter((key) => key in attributes).map((key) => `${key}=${text(attributes, key)}`);
    if (services.size > 1 || parts.length === 0) parts.unshift(service || 'all services');
    return parts.join(', ');
  });
}

/** The answer as chart lines on one time axis, holes left open. */
export function metricLines(
  response: MetricResponse,
  hidden: ReadonlySet<string>,
): { times: number[]; series: ChartSeries[] } {
  const labels = seriesLabels(response.series);
  const aligned = alignSeries(response.series.map(({ points }) => openGaps(points, response.stepSeconds)));
  const series = aligned.values.map((values, index): ChartSeries => {
    const dash = DASHES[Math.floor(index / SERIES_COLORS) % DASHES.length];
    return {
      label: labels[index] ?? '',
      color: `--series-${index % SERIES_COLORS}`,
      values,
      hidden: hidden.has(labels[index] ?? ''),
      ...(dash === undefined ? {} : { dash }),
    };
  });
  return { times: aligned.times, series };
}
