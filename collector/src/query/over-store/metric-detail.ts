import { rawJson } from '#core/exact-json.ts';
import type { Row } from '#store/reader.ts';
import { readQuery } from '#store/sql-files.ts';
import { createAxis } from '../metric-axis.ts';
import { nameOf, TEMPORALITIES } from '../names.ts';
import type { MetricRequest } from '../requests.ts';
import type { MetricDetail } from '../results.ts';
import { chooseShown } from '../shown-series.ts';
import { chooseStat } from '../stats.ts';
import type { StoreReads } from './context.ts';
import { readExemplars } from './exemplars.ts';
import { seriesConditions } from './filters.ts';
import { groupSeries, type SeriesGroup } from './metric-groups.ts';
import { pointsOf } from './metric-points.ts';

const SQL = { series: readQuery('metric-series'), buckets: readQuery('metric-buckets') };
const MAX_SERIES = 2000;
const MAX_ROWS = 500_000n;
const DELTA = 1;
/** A cumulative stream needs the value before the range to know how much it grew in the first step. */
const LOOKBACK_NANOS = 300_000_000_000n;

/** Values of one metric over time, a series for each group, and the exemplars among them. */
export async function readMetric(
  store: StoreReads,
  request: MetricRequest,
  signal: AbortSignal,
): Promise<MetricDetail | null> {
  const { from, to } = request.range;
  const lookback = from > LOOKBACK_NANOS ? from - LOOKBACK_NANOS : 0n;
  const conditions = seriesConditions(request.attributes);
  const all = await store.read(
    SQL.series.replace('/*filters*/', conditions.sql),
    {
      ...conditions.params,
      name: request.name,
      service: request.service,
      lookback,
      to,
      limit: BigInt(MAX_SERIES),
    },
    signal,
  );
  const newest = all.at(-1);
  if (newest === undefined) return null;
  const identity = identityOf(newest);
  const series = all.filter((row) => row.type === newest.type && row.temporality === newest.temporality);
  const stat = chooseStat(identity, request.stat);
  const axis = createAxis(request);
  const ids = series.map((row) => String(row.series_id)).join(', ');
  const delta = Number(newest.temporality) === DELTA;
  const rows = await store.read(
    SQL.buckets.replace(
      '/*streams*/',
      series.map((row) => `(${row.series_id}::UBIGINT, ${row.stream_id}::UBIGINT)`).join(', '),
    ),
    { from, to, lookback, origin: axis.origin, step: axis.step, delta, limit: MAX_ROWS },
    signal,
  );
  const groups = groupSeries(series, request.by);
  const rowsOf = Map.groupBy(rows, (row) => String(row.stream_id));
  const plotted = groups.map((group) => plot(group, { rowsOf, stat, delta, axis }));
  return {
    ...identity,
    stat,
    stepSeconds: axis.stepSeconds,
    attributeKeys: attributeKeys(series),
    ...chooseShown(plotted),
    seriesLeftOut: Number(newest.series_total) - all.length,
    exemplars: await readExemplars(store, { from, to, ids }, signal),
  };
}

function plot(
  group: SeriesGroup,
  options: Parameters<typeof pointsOf>[1] & { rowsOf: Map<string, Row[]> },
): MetricDetail['series'][number] {
  const rows = [...group.streamIds].map((id) => options.rowsOf.get(id) ?? []);
  return {
    service: group.service,
    attributes: rawJson(group.attributesJson),
    points: pointsOf(rows, options),
  };
}

function identityOf(row: Row) {
  return {
    name: String(row.name),
    description: String(row.description),
    unit: String(row.unit),
    type: String(row.type),
    temporality: nameOf(TEMPORALITIES, row.temporality),
    monotonic: row.monotonic === true,
  };
}

function attributeKeys(series: readonly Row[]): { key: string; values: number }[] {
  const values = new Map<string, Set<string>>();
  for (const row of series) {
    for (const [key, value] of Object.entries(JSON.parse(String(row.attributes)) as object)) {
      const seen = values.get(key) ?? new Set();
      values.set(key, seen.add(JSON.stringify(value)));
    }
  }
  return [...values]
    .map(([key, seen]) => ({ key, values: seen.size }))
    .sort((a, b) => a.key.localeCompare(b.key));
}
