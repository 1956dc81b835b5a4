import type { LogRecord } from '#api/schemas/logs.ts';
import type { Span } from '#api/schemas/traces.ts';

/** A span of the API with what a test does not care about left empty. */
export function spanOf(changes: Partial<Span> & { spanId: string }): Span {
  return {
    parentSpanId: null,
    name: changes.spanId,
    kind: 'INTERNAL',
    service: 'shop',
    startTimeUnixNano: '1000',
    endTimeUnixNano: '2000',
    durationNano: 1000,
    clockOffsetNano: 0,
    statusCode: 'UNSET',
    statusMessage: '',
    traceState: '',
    flags: 0,
    attributes: {},
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource: 0,
    scope: 0,
    ...changes,
  };
}

/** A log record of the API with what a test does not care about left empty. */
export function logOf(changes: Partial<LogRecord> & { id: string }): LogRecord {
  return {
    timeUnixNano: '1000',
    observedTimeUnixNano: '1000',
    severityNumber: 9,
    severityText: 'INFO',
    service: 'shop',
    body: changes.id,
    eventName: '',
    traceId: null,
    spanId: null,
    flags: 0,
    attributes: {},
    droppedAttributesCount: 0,
    resource: { attributes: {}, droppedAttributesCount: 0, schemaUrl: '', entityRefs: [] },
    scope: { name: '', version: '', attributes: {}, droppedAttributesCount: 0, schemaUrl: '' },
    ...changes,
  };
}
