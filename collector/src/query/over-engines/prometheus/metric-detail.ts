import { rawJson } from '#core/exact-json.ts';
import { createAxis, type MetricAxis } from '../../metric-axis.ts';
import type { MetricRequest } from '../../requests.ts';
import type { MetricDetail } from '../../results.ts';
import { chooseShown } from '../../shown-series.ts';
import { chooseStat } from '../../stats.ts';
import { labelName } from '../label-name.ts';
import { readExemplars } from './exemplars.ts';
import { findFamily } from './find-family.ts';
import { expressionOf, type Plot } from './metric-expression.ts';
import type { Labels, Line, PrometheusClient } from './prometheus-client.ts';
import { attributeMatchers, attributesOf, ORIGIN_LABELS, selectorsOf, serviceOf } from './series-labels.ts';

const MAX_SERIES = 20_000;
const MAX_LINES = 2000;
const MAX_POINTS = 500_000;
/** These tell services apart. */
const SERVICE_LABELS: readonly string[] = ['service_name', 'job'];

/** Values of one metric over time, a line for each group, and the exemplars among them. */
export async function readMetric(
  client: PrometheusClient,
  request: MetricRequest,
  signal: AbortSignal,
): Promise<MetricDetail | null> {
  const { range, service } = request;
  const matchers = attributeMatchers(request.attributes);
  const family = matchers === null ? null : await findFamily(client, request, signal);
  if (matchers === null || family === null) return null;
  const select = (name: string) => selectorsOf(name, service, matchers);
  const match = select(family.seriesName);
  const { series } = await client.series({ match, range, limit: MAX_SERIES }, signal);
  if (series.length === 0) return null;
  const { seriesName: _series, exemplarsName, ...identity } = family;
  const stat = chooseStat(identity, request.stat);
  const axis = createAxis(request);
  const grouping = groupingOf(series, request.by);
  const plot = { family, stat, stepMs: Number(axis.step / 1_000_000n), grouping, select };
  const limit = Math.min(MAX_LINES, Math.floor(MAX_POINTS / axis.steps));
  const [lines, exemplars] = await Promise.all([
    client.queryRange({ expr: expressionOf(plot), axis, limit }, signal),
    readExemplars(client, { selectors: select(exemplarsName), range }, signal),
  ]);
  return {
    ...identity,
    stat,
    stepSeconds: axis.stepSeconds,
    attributeKeys: attributeKeys(series),
    ...chooseShown(lines.map((line) => toSeries(line, axis))),
    seriesLeftOut: Math.max(0, countGroups(series, grouping) - limit),
    exemplars,
  };
}

/** By service and attributes; restarts of one service fall into one group. */
function groupingOf(series: readonly Labels[], by: readonly string[] | null): Plot['grouping'] {
  const named = series.every((labels) => labels.service_name !== undefined);
  const service = named ? ['service_name'] : SERVICE_LABELS;
  if (by === null) return { without: ORIGIN_LABELS.filter((label) => !service.includes(label)) };
  const labels = by.map(labelName).filter((label) => label !== null);
  return { by: [...new Set([...service, ...labels])] };
}

function countGroups(series: readonly Labels[], grouping: Plot['grouping']): number {
  const keys = series.map((labels) => {
    const { __name__: _name, ...all } = labels;
    const told = Object.entries(all).filter(([label]) =>
      'by' in grouping ? grouping.by.includes(label) : !grouping.without.includes(label),
    );
    return JSON.stringify(told.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return new Set(keys).size;
}

function toSeries({ labels, values }: Line, axis: MetricAxis): MetricDetail['series'][number] {
  return {
    service: serviceOf(labels),
    attributes: rawJson(JSON.stringify(Object.fromEntries(attributesOf(labels)))),
    points: values.map((value, step) => [axis.fromSeconds + step * axis.stepSeconds, value]),
  };
}

function attributeKeys(series: readonly Labels[]): MetricDetail['attributeKeys'] {
  const values = new Map<string, Set<string>>();
  for (const [key, value] of series.flatMap(attributesOf))
    values.set(key, (values.get(key) ?? new Set()).add(value));
  return [...values]
    .map(([key, seen]) => ({ key, values: seen.size }))
    .sort((a, b) => a.key.localeCompare(b.key));
}
