import { rawJson } from '#core/exact-json.ts';
import { checkRequest } from '#otlp/check.ts';
import { readEnvelope } from '#otlp/envelope.ts';
import { readResource } from '#otlp/resource.ts';
import { readScope } from '#otlp/scope.ts';
import { createSpanReader, type SpanFields } from '#otlp/span.ts';
import { EngineError } from '../../engine-error.ts';
import type { ResourceResult, ScopeResult } from '../../log-results.ts';
import { nameOf, SPAN_KINDS, STATUS_CODES } from '../../names.ts';
import type { SpanResult } from '../../trace-results.ts';
import { createDistinct } from './distinct.ts';

/** As many as an answer of ours has. */
const MAX_SPANS = 20_000;

export interface ReadSpans {
  spans: SpanResult[];
  /** Spans beyond those: not read at all, as one trace may be of any size. */
  leftOut: number;
  resources: ResourceResult[];
  scopes: ScopeResult[];
}

const readSpan = createSpanReader([]);

/**
 * Reads all spans of an ExportTraceServiceRequest, with every digit of their attributes. A span that a sender sent
 * twice is there once. Clock offsets are left at 0.
 */
export function readSpans(request: Uint8Array): ReadSpans {
  const checked = checkRequest('traces', request);
  if (!checked.ok) throw new EngineError('failed', `Tempo's answer is not a trace: ${checked.message}`);
  const { bytes } = checked;
  const resources = createDistinct<ResourceResult>();
  const scopes = createDistinct<ScopeResult>();
  const spans = new Map<string, SpanResult>();
  let leftOut = 0;
  const origin = { resource: 0, scope: 0, service: '' };
  readEnvelope(bytes, {
    resource(start, end, schemaUrl) {
      const { attributesJson, droppedAttributesCount, entityRefsJson, serviceName } = readResource(
        bytes,
        start,
        end,
      );
      origin.service = serviceName;
      origin.resource = resources.indexOf(
        [attributesJson, droppedAttributesCount, entityRefsJson, schemaUrl],
        () => ({
          attributes: rawJson(attributesJson),
          droppedAttributesCount,
          schemaUrl,
          entityRefs: rawJson(entityRefsJson),
        }),
      );
    },
    scope(start, end, schemaUrl) {
      const { attributesJson, droppedAttributesCount, name, version } = readScope(bytes, start, end);
      origin.scope = scopes.indexOf(
        [name, version, attributesJson, droppedAttributesCount, schemaUrl],
        () => ({
          name,
          version,
          attributes: rawJson(attributesJson),
          droppedAttributesCount,
          schemaUrl,
        }),
      );
    },
    item(start, end) {
      if (spans.size >= MAX_SPANS) {
        leftOut++;
        return;
      }
      const span = toSpan(bytes, readSpan(bytes, start, end), origin);
      const key = `${span.spanId} ${span.kind} ${span.name}`;
      if (!spans.has(key)) spans.set(key, span);
    },
  });
  return { spans: [...spans.values()], leftOut, resources: resources.all, scopes: scopes.all };
}

function toSpan(
  bytes: Uint8Array,
  fields: SpanFields,
  origin: { resource: number; scope: number; service: string },
): SpanResult {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const time = (at: number) => (at < 0 ? 0n : view.readBigUInt64LE(at));
  const start = time(fields.startAt);
  const end = time(fields.endAt);
  return {
    spanId: view.toString('hex', fields.spanIdAt, fields.spanIdAt + 8),
    parentSpanId:
      fields.parentSpanIdAt < 0
        ? null
        : view.toString('hex', fields.parentSpanIdAt, fields.parentSpanIdAt + 8),
    name: fields.name,
    kind: nameOf(SPAN_KINDS, fields.kind),
    service: origin.service,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    durationNano: end > start ? Math.min(Number(end - start), Number.MAX_SAFE_INTEGER) : 0,
    clockOffsetNano: 0,
    statusCode: nameOf(STATUS_CODES, fields.statusCode),
    statusMessage: fields.statusMessage,
    traceState: fields.traceState,
    flags: fields.flags,
    attributes: rawJson(fields.attributesJson),
    droppedAttributesCount: fields.droppedAttributesCount,
    events: rawJson(fields.eventsJson),
    droppedEventsCount: fields.droppedEventsCount,
    links: rawJson(fields.linksJson),
    droppedLinksCount: fields.droppedLinksCount,
    resource: origin.resource,
    scope: origin.scope,
  };
}
