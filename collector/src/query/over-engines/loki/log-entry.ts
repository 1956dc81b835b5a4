import { hash } from 'node:crypto';
import { type RawJson, rawJson } from '#core/exact-json.ts';
import type { LogResult } from '../../log-results.ts';

/** Time in nanoseconds, line, and what else is known of it. */
export type Entry = [time: string, line: string, more?: { structuredMetadata?: Record<string, string> }];

type Texts = Readonly<Record<string, string>>;

/** What Loki writes beside the attributes: fields of the record and of its scope, and the level that it guesses. */
const FIELDS = new Set([
  'observed_timestamp',
  'severity_number',
  'severity_text',
  'dropped_attributes_count',
  'flags',
  'trace_id',
  'span_id',
  'scope_name',
  'scope_version',
  'scope_dropped_attributes_count',
  'detected_level',
]);

/**
 * Loki keeps attributes of resource, scope and record in one list. These namespaces belong to resources (semantic
 * conventions, "Resource"); records seldom use them.
 */
const OF_RESOURCE =
  /^(service|telemetry_(sdk|distro)|host|os|process|container|k8s|cloud|deployment|faas|device|webengine|aws_(ecs|eks|log))_/;

const NO_ATTRIBUTES = rawJson('{}');
const NO_REFS = rawJson('[]');

/** Labels of Loki's own, as `__time_shard__` of late lines. */
const OF_LOKI = '__';

/** An entry of a stream as the record that it was, as far as Loki kept it. */
export function toLog(stream: Texts, entry: Entry): LogResult {
  const [time, line, more] = entry;
  const kept = more?.structuredMetadata ?? {};
  const attributes = Object.entries(kept).filter(([key]) => !FIELDS.has(key));
  const labels = Object.entries(stream).filter(([key]) => !FIELDS.has(key) && !key.startsWith(OF_LOKI));
  return {
    id: idOf(stream, entry),
    timeUnixNano: time,
    observedTimeUnixNano: kept.observed_timestamp ?? '0',
    severityNumber: Number(kept.severity_number ?? 0),
    severityText: kept.severity_text ?? '',
    service: stream.service_name ?? kept.service_name ?? 'unknown_service',
    body: rawJson(JSON.stringify(line)),
    eventName: '',
    traceId: kept.trace_id ?? null,
    spanId: kept.span_id ?? null,
    flags: Number(kept.flags ?? 0),
    attributes: toJson(attributes.filter(([key]) => !OF_RESOURCE.test(key))),
    droppedAttributesCount: Number(kept.dropped_attributes_count ?? 0),
    resource: {
      attributes: toJson([...labels, ...attributes.filter(([key]) => OF_RESOURCE.test(key))]),
      droppedAttributesCount: 0,
      schemaUrl: '',
      entityRefs: NO_REFS,
    },
    scope: {
      name: kept.scope_name ?? '',
      version: kept.scope_version ?? '',
      attributes: NO_ATTRIBUTES,
      droppedAttributesCount: Number(kept.scope_dropped_attributes_count ?? 0),
      schemaUrl: '',
    },
  };
}

/** The same for the same entry each time it is read. */
function idOf(stream: Texts, [time, line, more]: Entry): string {
  const content = JSON.stringify([sorted(stream), line, sorted(more?.structuredMetadata ?? {})]);
  return `${time}-${hash('sha256', content, 'hex').slice(0, 16)}`;
}

function sorted(texts: Texts): [string, string][] {
  return Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
}

function toJson(attributes: readonly [string, string][]): RawJson {
  return rawJson(JSON.stringify(Object.fromEntries(attributes)));
}
