import { asCounter, type MetricFamily } from './metric-family.ts';
import type { Metadata, PrometheusClient } from './prometheus-client.ts';

/** What is told of one metric; the formats in which programs are scraped differ in whether `_total` is in its name. */
export async function readMetadata(
  client: PrometheusClient,
  name: string,
  signal: AbortSignal,
): Promise<Map<string, Metadata>> {
  const names = new Set([name, withoutTotal(name)]);
  const told = await Promise.all([...names].map((one) => client.metadata(one, signal)));
  return new Map(told.flatMap((one) => [...one]));
}

function withoutTotal(name: string): string {
  return name.replace(/_total$/, '');
}

/** Adds what a scraped program says of its metric: help, unit, and that it counts. */
export function describe(family: MetricFamily, known: ReadonlyMap<string, Metadata>): MetricFamily {
  const told = known.get(family.name) ?? known.get(withoutTotal(family.name));
  if (told === undefined) return family;
  const described = { ...family, description: told.help, unit: family.unit || told.unit };
  return told.type === 'counter' && family.type === 'gauge' ? asCounter(described) : described;
}
