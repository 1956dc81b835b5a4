import { addAttribute, attributesText, createAttributes, openAttributes } from './attributes.ts';
import { readPoint } from './point.ts';
import { createCursor, readBool, readUint32, skipField, textAt } from './wire.ts';

export type MetricType = 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary' | 'none';

export interface MetricFields {
  name: string;
  description: string;
  unit: string;
  metadataJson: string;
  type: MetricType;
  /** AggregationTemporality: 0 unspecified, 1 delta, 2 cumulative. */
  temporality: number;
  monotonic: boolean;
  /** Where the Gauge, Sum, ... message is; 0, 0 for `none`. */
  dataStart: number;
  dataEnd: number;
}

/** A data point of any kind. Offsets point into the bytes it was read from and are -1 when a field is absent. */
export interface PointFields {
  attributesJson: string;
  /** 8 little-endian bytes: nanoseconds since 1970 UTC. */
  startAt: number;
  timeAt: number;
  flags: number;
  /** Of gauges and sums; `none` for others. */
  valueKind: 'none' | 'int' | 'double';
  /** 8 little-endian bytes, two's complement, when `valueKind` is `int`. */
  intAt: number;
  doubleValue: number;
  /** 8 little-endian bytes: the number of measurements of a histogram or summary. */
  countAt: number;
  sum: number | null;
  min: number | null;
  max: number | null;
  /** Buckets or quantiles; `{}` for gauges and sums. */
  detailJson: string;
  exemplarsJson: string;
}

const TYPES = new Map<number, MetricType>([
  [0x2a, 'gauge'],
  [0x3a, 'sum'],
  [0x4a, 'histogram'],
  [0x52, 'exponential_histogram'],
  [0x5a, 'summary'],
]);

const metric: MetricFields = {
  name: '',
  description: '',
  unit: '',
  metadataJson: '{}',
  type: 'none',
  temporality: 0,
  monotonic: false,
  dataStart: 0,
  dataEnd: 0,
};
const metadata = createAttributes();
const cursor = createCursor();

function clear(): void {
  metric.name = '';
  metric.description = '';
  metric.unit = '';
  metric.type = 'none';
  metric.temporality = 0;
  metric.monotonic = false;
  metric.dataStart = 0;
  metric.dataEnd = 0;
}

/** Temporality and monotonicity stand beside the points, so their tags alone are walked here. */
function readData(bytes: Uint8Array): void {
  cursor.at = metric.dataStart;
  while (cursor.at < metric.dataEnd) {
    const tag = readUint32(bytes, cursor);
    if (tag === 0x10) metric.temporality = readUint32(bytes, cursor) | 0;
    else if (tag === 0x18 && metric.type === 'sum') metric.monotonic = readBool(bytes, cursor);
    else skipField(bytes, cursor, tag);
  }
}

function readPart(bytes: Uint8Array, tag: number, field: { start: number; end: number }): void {
  const { start, end } = field;
  const type = TYPES.get(tag);
  if (type !== undefined) {
    metric.type = type;
    metric.dataStart = start;
    metric.dataEnd = end;
  } else if (tag === 0x0a) metric.name = textAt(bytes, start, end);
  else if (tag === 0x12) metric.description = textAt(bytes, start, end);
  else if (tag === 0x1a) metric.unit = textAt(bytes, start, end);
  else if (tag === 0x62) addAttribute(metadata, bytes, start, end);
}

/** Reads a checked Metric at `bytes[start, end)` except its points. The answer is one object, good until the next call. */
export function readMetric(bytes: Uint8Array, start: number, end: number): MetricFields {
  clear();
  openAttributes(metadata);
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if ((tag & 7) !== 2) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const field = { start: cursor.at, end: cursor.at + length };
    readPart(bytes, tag, field);
    cursor.at = field.end;
  }
  if (metric.type !== 'none') readData(bytes);
  metric.metadataJson = attributesText(metadata);
  return metric;
}

/** Gives every data point of a metric, in order. `onPoint` gets one object, good until it returns. */
export function readPoints(
  bytes: Uint8Array,
  metric: MetricFields,
  onPoint: (point: PointFields) => void,
): void {
  const { type, dataStart, dataEnd } = metric;
  const outer = createCursor();
  outer.at = dataStart;
  while (outer.at < dataEnd) {
    const tag = readUint32(bytes, outer);
    if (tag !== 0x0a) {
      skipField(bytes, outer, tag);
      continue;
    }
    const length = readUint32(bytes, outer);
    const start = outer.at;
    outer.at += length;
    onPoint(readPoint(bytes, type, { start, end: outer.at }));
  }
}
