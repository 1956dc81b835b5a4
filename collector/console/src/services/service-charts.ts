import type { Service } from '#api/schemas/services.ts';
import { nanoToMs } from '../format/time.ts';
import type { ChartSeries } from '../widgets/chart-series.ts';

export interface ServiceCharts {
  /** Middle of each bucket, in seconds since 1970. */
  times: number[];
  rate: ChartSeries[];
  errors: ChartSeries[];
  latency: ChartSeries[];
}

/**
 * The lines of a service's charts from its buckets: requests per second, the share that failed (0 to 1), p95 in
 * milliseconds. A bucket without requests has a rate of zero, but neither a share nor a latency.
 */
export function serviceCharts(sparkline: Service['sparkline']): ServiceCharts {
  const { requests, errors, stepSeconds } = sparkline;
  const start = nanoToMs(sparkline.startUnixNano) / 1000;
  return {
    times: requests.map((_, index) => start + (index + 0.5) * stepSeconds),
    rate: [
      {
        label: 'requests',
        color: '--series-0',
        fill: true,
        values: requests.map((count) => count / stepSeconds),
      },
    ],
    errors: [
      {
        label: 'errors',
        color: '--bad',
        fill: true,
        values: requests.map((count, index) => (count > 0 ? (errors[index] ?? 0) / count : null)),
      },
    ],
    latency: [{ label: 'p95', color: '--series-3', values: [...sparkline.p95Ms] }],
  };
}
