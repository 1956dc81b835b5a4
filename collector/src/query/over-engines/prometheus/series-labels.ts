import type { AttributeFilter } from '../../requests.ts';
import { labelName } from '../label-name.ts';
import { escapeRegExp } from '../quote.ts';
import type { Labels } from './prometheus-client.ts';
import { type Matcher, selector } from './promql.ts';

/** Labels that say who sent a series, not what it measures: the identity of the target and the promoted attributes. */
export const ORIGIN_LABELS: readonly string[] = [
  'job',
  'instance',
  'service_name',
  'service_namespace',
  'service_instance_id',
  'service_version',
  'deployment_environment_name',
  'deployment_environment',
  'host_name',
  'container_name',
];

const NOT_ATTRIBUTES = new Set(['__name__', 'le', 'quantile', ...ORIGIN_LABELS]);
const UNKNOWN_SERVICE = 'unknown_service';

/** Set by `withService`: the name of the service, whatever its namespace. */
export const SERVICE_LABEL = 'signalbox_service';

/** `service.name`; for what is scraped the name of the job; `job` is `namespace/name` for what came by OTLP. */
export function serviceOf({
  job = '',
  service_name: name = '',
  [SERVICE_LABEL]: known = '',
}: Labels): string {
  return known || name || job.slice(job.indexOf('/') + 1) || UNKNOWN_SERVICE;
}

/** The series of `expr` with the name that `serviceOf` would tell in SERVICE_LABEL, to be summed by it. */
export function withService(expr: string): string {
  const fromJob = `label_replace(${expr}, "${SERVICE_LABEL}", "$1", "job", "(?:[^/]*/)?(.*)")`;
  return `label_replace(${fromJob}, "${SERVICE_LABEL}", "$1", "service_name", "(.+)")`;
}

/** What a series measures, in the order of the names. */
export function attributesOf(labels: Labels): [key: string, value: string][] {
  return Object.entries(labels)
    .filter(([label]) => !NOT_ATTRIBUTES.has(label))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Selectors of which one fits every series of the service (null: of all), with further matchers. */
export function selectorsOf(
  name: string | null,
  service: string | null,
  matchers: readonly Matcher[] = [],
): string[] {
  return serviceMatchers(service).map((own) => selector(name, [...own, ...matchers]));
}

function serviceMatchers(service: string | null): Matcher[][] {
  if (service === null) return [[]];
  const unnamed: Matcher = { label: 'service_name', op: '=', value: '' };
  const byJob: Matcher = { label: 'job', op: '=~', value: `([^/]*/)?${escapeRegExp(service)}` };
  const noJob: Matcher = { label: 'job', op: '=', value: '' };
  return [
    [{ label: 'service_name', op: '=', value: service }],
    [unnamed, service === UNKNOWN_SERVICE ? noJob : byJob],
  ];
}

/** Null when no series can fit: an empty value is what Prometheus says of a label that is not there. */
export function attributeMatchers(filters: readonly AttributeFilter[]): Matcher[] | null {
  const matchers: Matcher[] = [];
  for (const { key, value } of filters) {
    const label = labelName(key);
    if (label === null || value === '') return null;
    matchers.push({ label, op: '=', value });
  }
  return matchers;
}
