import { escapeRegExp } from '../quote.ts';
import { asNative, type MetricFamily } from './metric-family.ts';
import type { PrometheusClient } from './prometheus-client.ts';
import { selector } from './promql.ts';

/** Tells native histograms from the gauges that they look like by name: `max` passes over histograms. */
export async function findNative(
  client: PrometheusClient,
  request: { families: readonly MetricFamily[]; before: bigint; lookback?: string },
  signal: AbortSignal,
): Promise<MetricFamily[]> {
  const { families, ...when } = request;
  const names = families.filter(({ type }) => type === 'gauge').map(({ name }) => name);
  if (names.length === 0) return [...families];
  const select = selector(null, [{ label: '__name__', op: '=~', value: names.map(escapeRegExp).join('|') }]);
  const expr = `count by (__name__) (${select}) unless on (__name__) max by (__name__) (${select})`;
  const native = new Set(
    (await client.query({ expr, ...when }, signal)).map(({ labels }) => labels.__name__),
  );
  return families.map((family) => (native.has(family.name) ? asNative(family) : family));
}
