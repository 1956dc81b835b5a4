import { asCounter, type MetricFamily } from './metric-family.ts';
import type { Metadata } from './prometheus-client.ts';

/** Adds what a scraped program says of its metric: help, unit, and that it counts. */
export function describe(family: MetricFamily, known: ReadonlyMap<string, Metadata>): MetricFamily {
  const told = known.get(family.name) ?? known.get(family.name.replace(/_total$/, ''));
  if (told === undefined) return family;
  const described = { ...family, description: told.help, unit: family.unit || told.unit };
  return told.type === 'counter' && family.type === 'gauge' ? asCounter(described) : described;
}
