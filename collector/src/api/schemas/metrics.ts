import { type Static, Type } from 'typebox';
import { Attributes, CursorParam, Params, Range, rangeParams, ServiceParam, UnixNano } from './common.ts';

export const MetricsParams = Params({
  ...rangeParams,
  q: Type.Optional(Type.String({ description: 'Part of the name, case ignored' })),
  service: ServiceParam,
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 500, description: 'Metrics on a page' }),
  cursor: CursorParam,
});
export type MetricsParams = Static<typeof MetricsParams>;

const MetricIdentity = {
  name: Type.String(),
  description: Type.String(),
  unit: Type.String({ description: 'UCUM, as sent' }),
  type: Type.String({ description: 'gauge, sum, histogram, exponential_histogram, summary' }),
  temporality: Type.String({ description: 'unspecified, delta, cumulative' }),
  monotonic: Type.Boolean(),
};

export const MetricSummary = Type.Object({
  ...MetricIdentity,
  series: Type.Integer(),
  services: Type.Array(Type.String()),
  lastSeenUnixNano: UnixNano,
});
export type MetricSummary = Static<typeof MetricSummary>;

export const MetricsResponse = Type.Object({
  range: Range,
  metrics: Type.Array(MetricSummary, { description: 'By name' }),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});
export type MetricsResponse = Static<typeof MetricsResponse>;

/** A year, longer than any range that is kept. */
const MAX_STEP_SECONDS = 366 * 86_400;

export const MetricParams = Params(
  {
    ...rangeParams,
    service: ServiceParam,
    by: Type.Optional(
      Type.String({
        description: 'Attribute keys to group by, comma separated; without it every series is its own',
      }),
    ),
    stat: Type.Optional(
      Type.String({
        description:
          'value (gauges), rate (sums and counts, per second), increase, avg, p50, p95, p99 (histograms). Default: value for gauges, rate for monotonic sums, value for others, p95 for histograms, avg for summaries',
      }),
    ),
    step: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: MAX_STEP_SECONDS,
        description: 'Seconds a point; default: range / 240',
      }),
    ),
  },
  { attributes: true },
);
export type MetricParams = Static<typeof MetricParams>;

/** Not Type.Tuple, which writes what JSON Schema 2020-12, and so OpenAPI 3.1, no longer allows. */
const Point = Type.Unsafe<[seconds: number, value: number | null]>({
  ...Type.Array(Type.Union([Type.Number(), Type.Null()]), { minItems: 2, maxItems: 2 }),
  description: 'Seconds since 1970, and the value',
});

export const MetricSeries = Type.Object({
  service: Type.String(),
  attributes: Attributes,
  points: Type.Array(Point),
});
export type MetricSeries = Static<typeof MetricSeries>;

export const MetricExemplar = Type.Object({
  timeUnixNano: UnixNano,
  value: Type.Number(),
  traceId: Type.Union([Type.String(), Type.Null()]),
  spanId: Type.Union([Type.String(), Type.Null()]),
});

export const MetricResponse = Type.Object({
  range: Range,
  ...MetricIdentity,
  stat: Type.String(),
  stepSeconds: Type.Number(),
  attributeKeys: Type.Array(Type.Object({ key: Type.String(), values: Type.Integer() }), {
    description: 'Keys seen on the series in the range and how many values each has',
  }),
  series: Type.Array(MetricSeries, { description: 'At most 50, those with the largest values' }),
  seriesTotal: Type.Integer(),
  seriesLeftOut: Type.Integer({
    description: 'Series in no figure of this answer because there are more than 2,000; filter to see them',
  }),
  exemplars: Type.Array(MetricExemplar, { description: 'At most 100, newest first' }),
});
export type MetricResponse = Static<typeof MetricResponse>;
