import type { Signal } from '#core/signal.ts';
import { type Field, MESSAGES, type MessageName, REQUESTS, wireType } from './schema.ts';
import { CROWD } from './spots.ts';

/** What the checker does with a field, looked up by its whole tag (field number and wire type). */
export const OP = {
  unknown: 0,
  zeroField: 1,
  wrongWire: 2,
  temporality: 3,
  integer: 4,
  varint: 5,
  fixed64: 6,
  time: 7,
  fixed32: 8,
  string: 9,
  key: 10,
  bytes: 11,
  packedVarint: 12,
  packedFixed64: 13,
  message: 14,
  unit: 15,
  traceId: 16,
  spanId: 17,
  parentSpanId: 18,
  metricName: 19,
  eventName: 20,
  bytesValue: 21,
} as const;

/** How a unit, a part that can be rejected alone, is treated; `none` is part of the unit around it. */
export type UnitKind = 'none' | 'group' | 'metric' | 'span' | 'item';

export interface MessageTable {
  unit: UnitKind;
  /** A ResourceSpans, ResourceMetrics or ResourceLogs. */
  isResourceGroup: boolean;
  isKeyValue: boolean;
  /** One of CROWD, for messages whose number of members has a limit. */
  crowd: number;
  /** Counts towards the nesting limit of attribute values. */
  nests: boolean;
  /** One of OP by tag; every known OTLP tag is below 256. */
  ops: Uint8Array;
  children: (MessageTable | undefined)[];
  /** Bit by tag of message fields that may come only once; members of a oneof share a bit. */
  once: Uint32Array;
}

const UNITS: Partial<Record<MessageName, UnitKind>> = {
  ResourceSpans: 'group',
  ResourceMetrics: 'group',
  ResourceLogs: 'group',
  ScopeSpans: 'group',
  ScopeMetrics: 'group',
  ScopeLogs: 'group',
  Metric: 'metric',
  Span: 'span',
  LogRecord: 'item',
  NumberDataPoint: 'item',
  HistogramDataPoint: 'item',
  ExponentialHistogramDataPoint: 'item',
  SummaryDataPoint: 'item',
};

const CROWDS: Partial<Record<MessageName, number>> = {
  Resource: CROWD.resource,
  InstrumentationScope: CROWD.scope,
  Span: CROWD.span,
  LogRecord: CROWD.logRecord,
  NumberDataPoint: CROWD.numberPoint,
  HistogramDataPoint: CROWD.histogramPoint,
  ExponentialHistogramDataPoint: CROWD.exponentialPoint,
  SummaryDataPoint: CROWD.summaryPoint,
  Event: CROWD.event,
  Link: CROWD.link,
  Exemplar: CROWD.exemplar,
  ArrayValue: CROWD.list,
  KeyValueList: CROWD.list,
};

const SPECIAL: Partial<Record<MessageName, Record<string, number>>> = {
  Span: {
    traceId: OP.traceId,
    spanId: OP.spanId,
    parentSpanId: OP.parentSpanId,
    startTimeUnixNano: OP.time,
    endTimeUnixNano: OP.time,
  },
  LogRecord: { timeUnixNano: OP.time, observedTimeUnixNano: OP.time, eventName: OP.eventName },
  Event: { name: OP.eventName },
  KeyValue: { key: OP.key },
  AnyValue: { intValue: OP.integer, bytesValue: OP.bytesValue },
  Metric: { name: OP.metricName },
  Sum: { aggregationTemporality: OP.temporality },
  Histogram: { aggregationTemporality: OP.temporality },
  ExponentialHistogram: { aggregationTemporality: OP.temporality },
  NumberDataPoint: { timeUnixNano: OP.time },
  HistogramDataPoint: { timeUnixNano: OP.time },
  ExponentialHistogramDataPoint: { timeUnixNano: OP.time },
  SummaryDataPoint: { timeUnixNano: OP.time },
};

function plainOp(field: Field): number {
  if (field.kind === 'message') return UNITS[field.message!] === undefined ? OP.message : OP.unit;
  if (field.kind === 'string') return OP.string;
  const wire = wireType(field.kind);
  if (wire === 0) return OP.varint;
  if (wire === 1) return OP.fixed64;
  return wire === 5 ? OP.fixed32 : OP.bytes;
}

function fillTable(table: MessageTable, name: MessageName, known: Map<MessageName, MessageTable>): void {
  table.ops.fill(OP.zeroField, 0, 8);
  for (const field of MESSAGES[name]) {
    const first = field.number << 3;
    table.ops.fill(OP.wrongWire, first, first + 8);
    const wire = wireType(field.kind);
    table.ops[first | wire] = SPECIAL[name]?.[field.name] ?? plainOp(field);
    if (field.repeated && wire === 0) table.ops[first | 2] = OP.packedVarint;
    if (field.repeated && wire === 1) table.ops[first | 2] = OP.packedFixed64;
    if (field.message === undefined) continue;
    table.children[first | wire] = compile(field.message, known);
    if (!field.repeated) table.once[first | wire] = field.oneof === 'data' ? 1 : 1 << field.number;
  }
}

function compile(name: MessageName, known: Map<MessageName, MessageTable>): MessageTable {
  const existing = known.get(name);
  if (existing !== undefined) return existing;
  const table: MessageTable = {
    unit: UNITS[name] ?? 'none',
    isResourceGroup: name === 'ResourceSpans' || name === 'ResourceMetrics' || name === 'ResourceLogs',
    isKeyValue: name === 'KeyValue',
    crowd: CROWDS[name] ?? CROWD.other,
    nests: name === 'AnyValue',
    ops: new Uint8Array(256),
    children: new Array<MessageTable | undefined>(256).fill(undefined),
    once: new Uint32Array(256),
  };
  known.set(name, table);
  fillTable(table, name, known);
  return table;
}

const compiled = new Map<MessageName, MessageTable>();

/** The checker's tables of the three requests, made from schema.ts once. */
export const REQUEST_TABLES: Readonly<Record<Signal, MessageTable>> = {
  traces: compile(REQUESTS.traces, compiled),
  metrics: compile(REQUESTS.metrics, compiled),
  logs: compile(REQUESTS.logs, compiled),
};
