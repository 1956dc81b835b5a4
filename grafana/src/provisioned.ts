import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FILE = join(import.meta.dirname, '..', 'provisioning', 'datasources', 'signalbox.yaml');

/** A name of an attribute of a span, and of the label it is under in Prometheus and Loki. */
export interface TagName {
  key: string;
  value: string;
}

/** As much of a data source as tests follow. */
export interface ProvisionedSource {
  name: string;
  uid: string;
  type: string;
  url: string;
  jsonData: {
    exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[];
    derivedFields?: { matcherType: string; matcherRegex: string; url: string; datasourceUid: string }[];
    tracesToLogsV2?: { datasourceUid: string; tags: TagName[]; query?: string };
    tracesToMetrics?: { datasourceUid: string; tags: TagName[]; queries?: { name: string; query: string }[] };
  };
}

/** The data sources of the stack as Grafana reads them: a doubled dollar sign is one. */
export function readSources(): ProvisionedSource[] {
  const text = readFileSync(FILE, 'utf8').replaceAll('$$', () => '$');
  return (parse(text) as { datasources: ProvisionedSource[] }).datasources;
}

/** A query that leads on from a span, with the span's attributes and trace filled in as Grafana does. */
export function fillTags(
  query: string,
  tags: readonly TagName[],
  span: { traceId: string; tags: Readonly<Record<string, string>> },
): string {
  const matchers = tags
    .filter(({ key }) => span.tags[key] !== undefined)
    .map(({ key, value }) => `${value}="${span.tags[key]}"`)
    .join(', ');
  return query
    .replaceAll('${__tags}', () => matchers)
    .replaceAll('$__tags', () => matchers)
    .replaceAll('${__trace.traceId}', () => span.traceId);
}
