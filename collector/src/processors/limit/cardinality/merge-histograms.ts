import { createProtoOut, type ProtoOut, protoBytes, writeFixedDouble, writeVarint } from '#otlp/proto-out.ts';
import { createCursor, readUint32 } from '#otlp/wire.ts';
import {
  copyWithout,
  forEachField,
  type PointField,
  type Range,
  SPAN_TAGS,
  type Span,
  widen,
  writeFixed64Field,
  writeOverflowAttribute,
  writeSpan,
} from './points.ts';

const COUNT = 0x21;
const SUM = 0x29;
const BUCKET = 0x31;
const BUCKETS = 0x32;
const BOUND = 0x39;
const BOUNDS = 0x3a;
const ATTRIBUTES = 0x4a;
const FLAGS = 0x50;
const MIN = 0x59;
const MAX = 0x61;
const REPLACED = [COUNT, SUM, BUCKET, BUCKETS, BOUND, BOUNDS, ATTRIBUTES, FLAGS, MIN, MAX, ...SPAN_TAGS];
const NO_VALUE = 1;

interface Histogram {
  span: Span;
  flags: number;
  count: bigint;
  buckets: bigint[];
  bounds: number[];
  /** NaN stands for a value too, so null is for none. */
  sum: number | null;
  min: number | null;
  max: number | null;
}

function eachFixed64(bytes: Uint8Array, field: PointField, visit: (at: number) => void): void {
  const cursor = createCursor();
  cursor.at = field.at;
  // Packed into one field, or one field each.
  if ((field.tag & 7) === 2) readUint32(bytes, cursor);
  for (let at = cursor.at; at < field.end; at += 8) visit(at);
}

function readField(histogram: Histogram, bytes: Uint8Array, field: PointField & { view: DataView }): void {
  const { at, tag, view } = field;
  if (tag === BUCKET || tag === BUCKETS)
    eachFixed64(bytes, field, (from) => histogram.buckets.push(view.getBigUint64(from, true)));
  else if (tag === BOUND || tag === BOUNDS)
    eachFixed64(bytes, field, (from) => histogram.bounds.push(view.getFloat64(from, true)));
  else if (tag === COUNT) histogram.count = view.getBigUint64(at, true);
  else if (tag === SUM) histogram.sum = view.getFloat64(at, true);
  else if (tag === MIN) histogram.min = view.getFloat64(at, true);
  else if (tag === MAX) histogram.max = view.getFloat64(at, true);
  else if (tag === SPAN_TAGS[0]) histogram.span.start = view.getBigUint64(at, true);
  else if (tag === SPAN_TAGS[1]) histogram.span.time = view.getBigUint64(at, true);
  else if (tag === FLAGS) {
    const cursor = createCursor();
    cursor.at = at;
    histogram.flags = readUint32(bytes, cursor);
  }
}

function readHistogram(bytes: Uint8Array, point: Range): Histogram {
  const histogram: Histogram = {
    span: { start: 0n, time: 0n },
    flags: 0,
    count: 0n,
    buckets: [],
    bounds: [],
    sum: null,
    min: null,
    max: null,
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  forEachField(bytes, point, (field) => readField(histogram, bytes, { ...field, view }));
  return histogram;
}

function isAlike(a: Histogram, b: Histogram): boolean {
  if (a.bounds.length !== b.bounds.length || a.buckets.length !== b.buckets.length) return false;
  return a.bounds.every((bound, index) => bound === b.bounds[index]);
}

const both = (a: number | null, b: number | null, merge: (a: number, b: number) => number) =>
  a === null || b === null ? null : merge(a, b);

function add(total: Histogram, more: Histogram): void {
  widen(total.span, more.span.start, more.span.time);
  total.count += more.count;
  for (let i = 0; i < more.buckets.length; i++) total.buckets[i]! += more.buckets[i]!;
  total.sum = both(total.sum, more.sum, (a, b) => a + b);
  total.min = both(total.min, more.min, Math.min);
  total.max = both(total.max, more.max, Math.max);
}

function writeDoubleField(out: ProtoOut, tag: number, value: number | null): void {
  if (value === null) return;
  writeVarint(out, tag);
  writeFixedDouble(out, value);
}

function writeTotal(out: ProtoOut, total: Histogram): void {
  writeSpan(out, total.span);
  writeFixed64Field(out, COUNT, total.count);
  writeDoubleField(out, SUM, total.sum);
  for (const bucket of total.buckets) writeFixed64Field(out, BUCKET, bucket);
  for (const bound of total.bounds) writeDoubleField(out, BOUND, bound);
  writeDoubleField(out, MIN, total.min);
  writeDoubleField(out, MAX, total.max);
  if ((total.flags & NO_VALUE) !== 0) {
    writeVarint(out, FLAGS);
    writeVarint(out, NO_VALUE);
  }
  writeOverflowAttribute(out, ATTRIBUTES);
}

/**
 * One HistogramDataPoint with those added that have the bounds of the first which has a recorded value; `dropped` says
 * how many have others. Sum, minimum and maximum only when all have them. What else it has is of the first.
 */
export function mergeHistograms(
  bytes: Uint8Array,
  points: readonly Range[],
): { content: Uint8Array; dropped: number } {
  let total = readHistogram(bytes, points[0]!);
  let first = points[0]!;
  let dropped = 0;
  for (const point of points.slice(1)) {
    const more = readHistogram(bytes, point);
    if ((more.flags & NO_VALUE) !== 0) continue;
    if ((total.flags & NO_VALUE) !== 0) {
      total = more;
      first = point;
    } else if (isAlike(total, more)) add(total, more);
    else dropped++;
  }
  const out = createProtoOut(first.end - first.start + 128);
  copyWithout(out, { bytes, start: first.start, end: first.end }, REPLACED);
  writeTotal(out, total);
  return { content: protoBytes(out), dropped };
}
