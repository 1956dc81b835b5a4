import type { MetricDetail } from './results.ts';

type Series = MetricDetail['series'];

const MAX_SHOWN = 50;

/** Of the series that have a value: how many there are, and those with the largest values. */
export function chooseShown(series: Series): Pick<MetricDetail, 'series' | 'seriesTotal'> {
  const visible = series.filter(({ points }) => points.some(([, value]) => value !== null));
  return {
    series: visible.sort((a, b) => peak(b) - peak(a)).slice(0, MAX_SHOWN),
    seriesTotal: visible.length,
  };
}

function peak({ points }: Series[number]): number {
  return points.reduce((max, [, value]) => Math.max(max, Math.abs(value ?? 0)), 0);
}
