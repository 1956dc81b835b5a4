import type { Signal } from '#core/signal.ts';

/** How a field travels. `id` is bytes on the wire and hex in JSON; `enum` is a varint and an integer in JSON. */
export type FieldKind =
  | 'string'
  | 'bytes'
  | 'id'
  | 'bool'
  | 'enum'
  | 'int32'
  | 'sint32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double'
  | 'message';

export interface Field {
  number: number;
  /** The lowerCamelCase name in OTLP/JSON. */
  name: string;
  kind: FieldKind;
  /** Of kind `message`: which one. */
  message?: MessageName;
  repeated: boolean;
  /** Fields with the same word here exclude one another. */
  oneof?: string;
}

interface Extra {
  repeated?: true;
  oneof?: string;
}

const field = (
  number: number,
  name: string,
  kind: Exclude<FieldKind, 'message'>,
  extra: Extra = {},
): Field => ({
  number,
  name,
  kind,
  repeated: false,
  ...extra,
});
const one = (number: number, name: string, message: MessageName, oneof?: string): Field => ({
  number,
  name,
  kind: 'message',
  message,
  repeated: false,
  ...(oneof === undefined ? {} : { oneof }),
});
const many = (number: number, name: string, message: MessageName): Field => ({
  number,
  name,
  kind: 'message',
  message,
  repeated: true,
});
const times = [field(2, 'startTimeUnixNano', 'fixed64'), field(3, 'timeUnixNano', 'fixed64')];

export type MessageName =
  | 'ExportTraceServiceRequest'
  | 'ExportMetricsServiceRequest'
  | 'ExportLogsServiceRequest'
  | 'ResourceSpans'
  | 'ResourceMetrics'
  | 'ResourceLogs'
  | 'ScopeSpans'
  | 'ScopeMetrics'
  | 'ScopeLogs'
  | 'Resource'
  | 'EntityRef'
  | 'InstrumentationScope'
  | 'KeyValue'
  | 'AnyValue'
  | 'ArrayValue'
  | 'KeyValueList'
  | 'Span'
  | 'Event'
  | 'Link'
  | 'Status'
  | 'LogRecord'
  | 'Metric'
  | 'Gauge'
  | 'Sum'
  | 'Histogram'
  | 'ExponentialHistogram'
  | 'Summary'
  | 'NumberDataPoint'
  | 'HistogramDataPoint'
  | 'ExponentialHistogramDataPoint'
  | 'Buckets'
  | 'SummaryDataPoint'
  | 'ValueAtQuantile'
  | 'Exemplar';

/**
 * Every message and field of OTLP's traces, metrics and logs as data, after the `.proto` files of the OTLP
 * specification 1.11 (common, resource, trace, metrics, logs, collector). The checker, the JSON transcoder and
 * the tests are driven by it; the coverage test compares it with a description made by others.
 */
export const MESSAGES: Readonly<Record<MessageName, readonly Field[]>> = {
  ExportTraceServiceRequest: [many(1, 'resourceSpans', 'ResourceSpans')],
  ExportMetricsServiceRequest: [many(1, 'resourceMetrics', 'ResourceMetrics')],
  ExportLogsServiceRequest: [many(1, 'resourceLogs', 'ResourceLogs')],

  ResourceSpans: [
    one(1, 'resource', 'Resource'),
    many(2, 'scopeSpans', 'ScopeSpans'),
    field(3, 'schemaUrl', 'string'),
  ],
  ResourceMetrics: [
    one(1, 'resource', 'Resource'),
    many(2, 'scopeMetrics', 'ScopeMetrics'),
    field(3, 'schemaUrl', 'string'),
  ],
  ResourceLogs: [
    one(1, 'resource', 'Resource'),
    many(2, 'scopeLogs', 'ScopeLogs'),
    field(3, 'schemaUrl', 'string'),
  ],
  ScopeSpans: [
    one(1, 'scope', 'InstrumentationScope'),
    many(2, 'spans', 'Span'),
    field(3, 'schemaUrl', 'string'),
  ],
  ScopeMetrics: [
    one(1, 'scope', 'InstrumentationScope'),
    many(2, 'metrics', 'Metric'),
    field(3, 'schemaUrl', 'string'),
  ],
  ScopeLogs: [
    one(1, 'scope', 'InstrumentationScope'),
    many(2, 'logRecords', 'LogRecord'),
    field(3, 'schemaUrl', 'string'),
  ],

  Resource: [
    many(1, 'attributes', 'KeyValue'),
    field(2, 'droppedAttributesCount', 'uint32'),
    many(3, 'entityRefs', 'EntityRef'),
  ],
  EntityRef: [
    field(1, 'schemaUrl', 'string'),
    field(2, 'type', 'string'),
    field(3, 'idKeys', 'string', { repeated: true }),
    field(4, 'descriptionKeys', 'string', { repeated: true }),
  ],
  InstrumentationScope: [
    field(1, 'name', 'string'),
    field(2, 'version', 'string'),
    many(3, 'attributes', 'KeyValue'),
    field(4, 'droppedAttributesCount', 'uint32'),
  ],
  KeyValue: [field(1, 'key', 'string'), one(2, 'value', 'AnyValue'), field(3, 'keyStrindex', 'int32')],
  AnyValue: [
    field(1, 'stringValue', 'string', { oneof: 'value' }),
    field(2, 'boolValue', 'bool', { oneof: 'value' }),
    field(3, 'intValue', 'int64', { oneof: 'value' }),
    field(4, 'doubleValue', 'double', { oneof: 'value' }),
    one(5, 'arrayValue', 'ArrayValue', 'value'),
    one(6, 'kvlistValue', 'KeyValueList', 'value'),
    field(7, 'bytesValue', 'bytes', { oneof: 'value' }),
    field(8, 'stringValueStrindex', 'int32', { oneof: 'value' }),
  ],
  ArrayValue: [many(1, 'values', 'AnyValue')],
  KeyValueList: [many(1, 'values', 'KeyValue')],

  Span: [
    field(1, 'traceId', 'id'),
    field(2, 'spanId', 'id'),
    field(3, 'traceState', 'string'),
    field(4, 'parentSpanId', 'id'),
    field(5, 'name', 'string'),
    field(6, 'kind', 'enum'),
    field(7, 'startTimeUnixNano', 'fixed64'),
    field(8, 'endTimeUnixNano', 'fixed64'),
    many(9, 'attributes', 'KeyValue'),
    field(10, 'droppedAttributesCount', 'uint32'),
    many(11, 'events', 'Event'),
    field(12, 'droppedEventsCount', 'uint32'),
    many(13, 'links', 'Link'),
    field(14, 'droppedLinksCount', 'uint32'),
    one(15, 'status', 'Status'),
    field(16, 'flags', 'fixed32'),
  ],
  Event: [
    field(1, 'timeUnixNano', 'fixed64'),
    field(2, 'name', 'string'),
    many(3, 'attributes', 'KeyValue'),
    field(4, 'droppedAttributesCount', 'uint32'),
  ],
  Link: [
    field(1, 'traceId', 'id'),
    field(2, 'spanId', 'id'),
    field(3, 'traceState', 'string'),
    many(4, 'attributes', 'KeyValue'),
    field(5, 'droppedAttributesCount', 'uint32'),
    field(6, 'flags', 'fixed32'),
  ],
  Status: [field(2, 'message', 'string'), field(3, 'code', 'enum')],

  LogRecord: [
    field(1, 'timeUnixNano', 'fixed64'),
    field(2, 'severityNumber', 'enum'),
    field(3, 'severityText', 'string'),
    one(5, 'body', 'AnyValue'),
    many(6, 'attributes', 'KeyValue'),
    field(7, 'droppedAttributesCount', 'uint32'),
    field(8, 'flags', 'fixed32'),
    field(9, 'traceId', 'id'),
    field(10, 'spanId', 'id'),
    field(11, 'observedTimeUnixNano', 'fixed64'),
    field(12, 'eventName', 'string'),
  ],

  Metric: [
    field(1, 'name', 'string'),
    field(2, 'description', 'string'),
    field(3, 'unit', 'string'),
    one(5, 'gauge', 'Gauge', 'data'),
    one(7, 'sum', 'Sum', 'data'),
    one(9, 'histogram', 'Histogram', 'data'),
    one(10, 'exponentialHistogram', 'ExponentialHistogram', 'data'),
    one(11, 'summary', 'Summary', 'data'),
    many(12, 'metadata', 'KeyValue'),
  ],
  Gauge: [many(1, 'dataPoints', 'NumberDataPoint')],
  Sum: [
    many(1, 'dataPoints', 'NumberDataPoint'),
    field(2, 'aggregationTemporality', 'enum'),
    field(3, 'isMonotonic', 'bool'),
  ],
  Histogram: [many(1, 'dataPoints', 'HistogramDataPoint'), field(2, 'aggregationTemporality', 'enum')],
  ExponentialHistogram: [
    many(1, 'dataPoints', 'ExponentialHistogramDataPoint'),
    field(2, 'aggregationTemporality', 'enum'),
  ],
  Summary: [many(1, 'dataPoints', 'SummaryDataPoint')],
  NumberDataPoint: [
    ...times,
    field(4, 'asDouble', 'double', { oneof: 'value' }),
    many(5, 'exemplars', 'Exemplar'),
    field(6, 'asInt', 'sfixed64', { oneof: 'value' }),
    many(7, 'attributes', 'KeyValue'),
    field(8, 'flags', 'uint32'),
  ],
  HistogramDataPoint: [
    ...times,
    field(4, 'count', 'fixed64'),
    field(5, 'sum', 'double'),
    field(6, 'bucketCounts', 'fixed64', { repeated: true }),
    field(7, 'explicitBounds', 'double', { repeated: true }),
    many(8, 'exemplars', 'Exemplar'),
    many(9, 'attributes', 'KeyValue'),
    field(10, 'flags', 'uint32'),
    field(11, 'min', 'double'),
    field(12, 'max', 'double'),
  ],
  ExponentialHistogramDataPoint: [
    many(1, 'attributes', 'KeyValue'),
    ...times,
    field(4, 'count', 'fixed64'),
    field(5, 'sum', 'double'),
    field(6, 'scale', 'sint32'),
    field(7, 'zeroCount', 'fixed64'),
    one(8, 'positive', 'Buckets'),
    one(9, 'negative', 'Buckets'),
    field(10, 'flags', 'uint32'),
    many(11, 'exemplars', 'Exemplar'),
    field(12, 'min', 'double'),
    field(13, 'max', 'double'),
    field(14, 'zeroThreshold', 'double'),
  ],
  Buckets: [field(1, 'offset', 'sint32'), field(2, 'bucketCounts', 'uint64', { repeated: true })],
  SummaryDataPoint: [
    ...times,
    field(4, 'count', 'fixed64'),
    field(5, 'sum', 'double'),
    many(6, 'quantileValues', 'ValueAtQuantile'),
    many(7, 'attributes', 'KeyValue'),
    field(8, 'flags', 'uint32'),
  ],
  ValueAtQuantile: [field(1, 'quantile', 'double'), field(2, 'value', 'double')],
  Exemplar: [
    field(2, 'timeUnixNano', 'fixed64'),
    field(3, 'asDouble', 'double', { oneof: 'value' }),
    field(4, 'spanId', 'id'),
    field(5, 'traceId', 'id'),
    field(6, 'asInt', 'sfixed64', { oneof: 'value' }),
    many(7, 'filteredAttributes', 'KeyValue'),
  ],
};

/** The message that a body of each signal is (OTLP specification, "OTLP/HTTP Request"). */
export const REQUESTS: Readonly<Record<Signal, MessageName>> = {
  traces: 'ExportTraceServiceRequest',
  metrics: 'ExportMetricsServiceRequest',
  logs: 'ExportLogsServiceRequest',
};

/** The protobuf wire type of a single value: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
export function wireType(kind: FieldKind): 0 | 1 | 2 | 5 {
  switch (kind) {
    case 'string':
    case 'bytes':
    case 'id':
    case 'message':
      return 2;
    case 'fixed64':
    case 'sfixed64':
    case 'double':
      return 1;
    case 'fixed32':
      return 5;
    default:
      return 0;
  }
}
