import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Plain } from '#otlp/testing/reference.ts';
import { REPOSITORY } from '../support/engine-stack/compose-service.ts';
import { type Sample, seriesText } from './ask-prometheus.ts';
import { type Attributes, attributeOf } from './recorded-items.ts';

type Labels = Record<string, string>;
type Resource = { resource: { attributes: Attributes }; scopeMetrics: { metrics: Metric[] }[] };

interface Metric {
  name: string;
  unit: string;
  gauge?: { dataPoints: NumberPoint[] };
  sum?: { dataPoints: NumberPoint[]; isMonotonic: boolean };
  histogram?: { dataPoints: HistogramPoint[] };
}

interface Point {
  attributes: Attributes;
  timeUnixNano: string;
}

interface NumberPoint extends Point {
  asDouble?: number;
  asInt?: string;
}

interface HistogramPoint extends Point {
  count: string;
  sum?: number;
  bucketCounts: string[];
  explicitBounds: number[];
}

const UNITS: Record<string, string> = { s: 'seconds', By: 'bytes', '1': '' };

/**
 * What Prometheus should have of recorded requests: names and labels by the OpenTelemetry specification
 * ("Prometheus and OpenMetrics Compatibility"), resource attributes as prometheus.yml promotes them. Gauges, sums and
 * explicit histograms only; throws on a unit that is not known here.
 */
export function samplesExpected(
  requests: readonly Plain[],
  isWanted: (service: string) => boolean,
): Sample[] {
  const promoted = promotedAttributes();
  return requests
    .flatMap(({ resourceMetrics }) => resourceMetrics as Resource[])
    .filter((resource) => isWanted(attributeOf(resource, 'service.name')))
    .flatMap((resource) => {
      const labels = resourceLabels(resource, promoted);
      const metrics = resource.scopeMetrics.flatMap((scope) => scope.metrics);
      return metrics.flatMap((metric) => samplesOfMetric(metric, labels));
    });
}

function promotedAttributes(): string[] {
  const { otlp } = parse(readFileSync(join(REPOSITORY, 'prometheus/prometheus.yml'), 'utf8'));
  return otlp.promote_resource_attributes as string[];
}

function resourceLabels(resource: Resource, promoted: readonly string[]): Labels {
  const [namespace, name] = ['service.namespace', 'service.name'].map((key) => attributeOf(resource, key));
  const labels: Labels = {
    job: namespace === '' ? name! : `${namespace}/${name}`,
    instance: attributeOf(resource, 'service.instance.id'),
  };
  for (const key of promoted) labels[labelName(key)] = attributeOf(resource, key);
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

function labelName(key: string): string {
  return key.replaceAll(/\W+/g, '_');
}

function samplesOfMetric(metric: Metric, resource: Labels): Sample[] {
  const { gauge, histogram, sum } = metric;
  const name = metricName(metric);
  const numbers = (gauge ?? sum)?.dataPoints ?? [];
  return [
    ...numbers.map((point) =>
      sample(point, { ...resource, __name__: name }, Number(point.asDouble ?? point.asInt)),
    ),
    ...(histogram?.dataPoints ?? []).flatMap((point) => samplesOfHistogram(name, point, resource)),
  ];
}

function samplesOfHistogram(name: string, point: HistogramPoint, resource: Labels): Sample[] {
  let count = 0;
  const bounds = [...point.explicitBounds.map(String), '+Inf'];
  const labels = (suffix: string): Labels => ({ ...resource, __name__: `${name}_${suffix}` });
  return [
    sample(point, labels('count'), Number(point.count)),
    ...(point.sum === undefined ? [] : [sample(point, labels('sum'), point.sum)]),
    ...bounds.map((le, index) => {
      count += Number(point.bucketCounts[index]);
      return sample(point, { ...labels('bucket'), le }, count);
    }),
  ];
}

function sample({ attributes, timeUnixNano }: Point, labels: Labels, value: number): Sample {
  const own = attributes.map(({ key, value: of }) => [labelName(key), String(Object.values(of)[0])]);
  const timeMs = Number(BigInt(timeUnixNano) / 1_000_000n);
  return { series: seriesText({ ...labels, ...Object.fromEntries(own) }), timeMs, value };
}

function metricName({ gauge, name, sum, unit }: Metric): string {
  const suffix = /^\{.*\}$/.test(unit) || unit === '' ? '' : UNITS[unit];
  if (suffix === undefined)
    throw new Error(`${name}: what Prometheus makes of the unit ${unit} is not known`);
  const words = name.split(/[^a-zA-Z0-9:]+/);
  if (suffix !== '' && !words.includes(suffix)) words.push(suffix);
  const last = sum?.isMonotonic === true ? 'total' : gauge !== undefined && unit === '1' ? 'ratio' : null;
  return (last === null ? words : [...words.filter((word) => word !== last), last]).join('_');
}
