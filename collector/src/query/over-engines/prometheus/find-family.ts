import type { TimeRange } from '../../requests.ts';
import { escapeRegExp } from '../quote.ts';
import { describe, readMetadata } from './metadata.ts';
import { asCounter, familiesOf, type MetricFamily } from './metric-family.ts';
import { NAME_SUFFIX } from './metric-unit.ts';
import { findNative } from './native-histograms.ts';
import { millisOf, type PrometheusClient } from './prometheus-client.ts';
import { selector } from './promql.ts';

const PARTS = '(_bucket|_count|_sum)?';
const MAX_NAMES = 200;

/** The metric of this name, as Prometheus writes it or as its sender did; null when there is none in the range. */
export async function findFamily(
  client: PrometheusClient,
  request: { name: string; range: TimeRange },
  signal: AbortSignal,
): Promise<MetricFamily | null> {
  const { name, range } = request;
  const whole = name.replace(/_(bucket|count|sum)$/, '');
  const spellings = [escapeRegExp(name), escapeRegExp(whole), asPrometheusWrites(name) + NAME_SUFFIX];
  const wanted = `(${spellings.join('|')})${PARTS}`;
  const match = [selector(null, [{ label: '__name__', op: '=~', value: wanted }])];
  const names = await client.labelValues('__name__', { match, range, limit: MAX_NAMES }, signal);
  const found = chooseFamily(names, name);
  if (found === null) return null;
  const metadata = await readMetadata(client, found.name, signal);
  const lookback = `${millisOf(range)}ms`;
  const families = [describe(found, metadata)];
  return (await findNative(client, { families, before: range.to, lookback }, signal))[0]!;
}

/** The name itself before one that a unit was appended to, the shortest of these; a part of a histogram is a counter. */
function chooseFamily(names: readonly string[], wanted: string): MetricFamily | null {
  const families = familiesOf(names).sort((a, b) => a.name.length - b.name.length);
  const exact = families.find(({ name }) => name === wanted);
  if (exact !== undefined) return exact;
  if (names.includes(wanted)) return asCounter(familiesOf([wanted])[0]!);
  return families[0] ?? null;
}

/** Without unit and type (github.com/prometheus/otlptranslator v1, MetricNamer). */
function asPrometheusWrites(name: string): string {
  const tokens = name.split(/[^A-Za-z0-9:]+/).filter((token) => token !== '');
  const written = tokens.join('_');
  return /^\d/.test(written) ? `_${written}` : written;
}
