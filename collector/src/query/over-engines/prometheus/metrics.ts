import { decodeName, encodeName } from '../../name-cursor.ts';
import type { Page, TimeRange } from '../../requests.ts';
import type { MetricsPage } from '../../results.ts';
import { escapeRegExp } from '../quote.ts';
import { readLastSeen } from './last-seen.ts';
import { describe } from './metadata.ts';
import { familiesOf, type MetricFamily } from './metric-family.ts';
import { findNative } from './native-histograms.ts';
import type { Labels, PrometheusClient } from './prometheus-client.ts';
import type { Matcher } from './promql.ts';
import { attributesOf, selectorsOf, serviceOf } from './series-labels.ts';

const MAX_NAMES = 20_000;
const MAX_SERIES = 20_000;
/** A metric that was silent for longer is told by its name alone. */
const RECENT = '5m';

interface MetricsRequest {
  range: TimeRange;
  q: string | null;
  service: string | null;
  page: Page;
}

/** A page of the metrics with samples in the range, by name. */
export async function readMetrics(
  client: PrometheusClient,
  request: MetricsRequest,
  signal: AbortSignal,
): Promise<MetricsPage> {
  const { page, range, service } = request;
  const after = page.cursor === null ? null : decodeName(page.cursor);
  const [all, metadata] = await Promise.all([
    readFamilies(client, request, signal),
    client.metadata(null, signal),
  ]);
  const rest = all.filter(({ name }) => after === null || name > after);
  const families = rest.slice(0, page.limit).map((family) => describe(family, metadata));
  const last = families.at(-1);
  if (last === undefined) return { metrics: [], nextCursor: null };
  const [typed, seen, series] = await Promise.all([
    findNative(client, { families, before: range.to, lookback: RECENT }, signal),
    readLastSeen(client, { families, range, service }, signal),
    readSeries(client, { families, range, service }, signal),
  ]);
  return {
    metrics: typed.flatMap((family) => {
      const lastSeen = seen.get(family.name);
      return lastSeen === undefined ? [] : [summarise(family, lastSeen, series.get(family.seriesName) ?? [])];
    }),
    nextCursor: rest.length > families.length ? encodeName(last.name) : null,
  };
}

/** By name; those that `q` is a part of. */
async function readFamilies(
  client: PrometheusClient,
  { q, range, service }: MetricsRequest,
  signal: AbortSignal,
): Promise<MetricFamily[]> {
  const wanted = q === null ? '.+' : `(?i).*${escapeRegExp(q)}.*`;
  const match = selectorsOf(null, service, [{ label: '__name__', op: '=~', value: wanted }]);
  const names = await client.labelValues('__name__', { match, range, limit: MAX_NAMES }, signal);
  const part = q?.toLowerCase() ?? '';
  return familiesOf(names)
    .filter(({ name }) => name.toLowerCase().includes(part))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readSeries(
  client: PrometheusClient,
  request: { families: readonly MetricFamily[]; range: TimeRange; service: string | null },
  signal: AbortSignal,
): Promise<Map<string, Labels[]>> {
  const { families, range, service } = request;
  const names = families.map(({ seriesName }) => escapeRegExp(seriesName)).join('|');
  const named: Matcher = { label: '__name__', op: '=~', value: names };
  const match = selectorsOf(null, service, [named]);
  const { series } = await client.series({ match, range, limit: MAX_SERIES }, signal);
  return Map.groupBy(series, (labels) => labels.__name__ ?? '');
}

/** Series are counted as they are plotted: by service and attributes. */
function summarise(
  family: MetricFamily,
  lastSeenUnixNano: string,
  series: readonly Labels[],
): MetricsPage['metrics'][number] {
  const { seriesName: _series, exemplarsName: _exemplars, ...identity } = family;
  const plotted = series.map((labels) => JSON.stringify([serviceOf(labels), attributesOf(labels)]));
  return {
    ...identity,
    series: new Set(plotted).size,
    services: [...new Set(series.map(serviceOf))].sort(),
    lastSeenUnixNano,
  };
}
