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
    observedTimeUnixNano: nanoOf(kept.observed_timestamp),
    severityNumber: countOf(kept.severity_number),
    severityText: kept.severity_text ?? '',
    service: stream.service_name ?? kept.service_name ?? 'unknown_service',
    body: rawJson(JSON.stringify(line)),
    eventName: '',
    traceId: hexOf(kept.trace_id, 32),
    spanId: hexOf(kept.span_id, 16),
    flags: countOf(kept.flags),
    attributes: toJson(attributes.filter(([key]) => !OF_RESOURCE.test(key))),
    droppedAttributesCount: countOf(kept.dropped_attributes_count),
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
      droppedAttributesCount: countOf(kept.scope_dropped_attributes_count),
      schemaUrl: '',
    },
  };
}

// Attributes can take the names of fields in Loki, so what stands there may be anything.
function countOf(text = '0'): number {
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

function nanoOf(text = '0'): string {
  return /^\d{1,19}$/.test(text) ? text : '0';
}

function hexOf(text: string | undefined, length: number): string | null {
  return text?.length === length && /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : null;
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
