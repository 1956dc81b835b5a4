import {
  createJsonOut,
  type JsonOut,
  jsonText,
  resetJson,
  uint64Text,
  writeByte,
  writeDouble,
  writeUint64,
} from './json-out.ts';
import type { MetricFields } from './metric.ts';
import {
  type Cursor,
  createCursor,
  doubleAt,
  readFixed64,
  readSint32,
  readUint32,
  readVarint64,
  skipField,
} from './wire.ts';

/** What the kinds of points have beyond the common fields, collected while a point is walked. */
export interface PointDetail {
  counts: JsonOut;
  bounds: JsonOut;
  scale: number;
  zeroCount: string;
  zeroThreshold: number;
  positive: string;
  negative: string;
  quantiles: string[];
}

const NO_BUCKETS = '{"offset":0,"bucketCounts":[]}';

export function createDetail(): PointDetail {
  return {
    counts: createJsonOut(),
    bounds: createJsonOut(),
    scale: 0,
    zeroCount: '0',
    zeroThreshold: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    quantiles: [],
  };
}

export function clearDetail(detail: PointDetail): void {
  resetJson(detail.counts);
  resetJson(detail.bounds);
  detail.scale = 0;
  detail.zeroCount = '0';
  detail.zeroThreshold = 0;
  detail.positive = NO_BUCKETS;
  detail.negative = NO_BUCKETS;
  detail.quantiles.length = 0;
}

/** A field of a point whose tag has just been read. */
export interface PointField {
  bytes: Uint8Array;
  cursor: Cursor;
  tag: number;
  type: MetricFields['type'];
}

function comma(out: JsonOut): void {
  if (out.at > 0) writeByte(out, 0x2c);
}

function writeFixed64(out: JsonOut, field: PointField): void {
  comma(out);
  readFixed64(field.bytes, field.cursor);
  writeUint64(out, field.cursor.lo, field.cursor.hi);
}

function writeVarint64(out: JsonOut, field: PointField): void {
  comma(out);
  readVarint64(field.bytes, field.cursor);
  writeUint64(out, field.cursor.lo, field.cursor.hi);
}

function writeFixedDouble(out: JsonOut, field: PointField): void {
  comma(out);
  writeDouble(out, doubleAt(field.bytes, field.cursor.at));
  field.cursor.at += 8;
}

/** Repeated numbers come packed into one field or one field each, and parsers must take both (protobuf encoding). */
function writeRepeated(
  out: JsonOut,
  field: PointField,
  write: (out: JsonOut, field: PointField) => void,
): void {
  if ((field.tag & 7) !== 2) {
    write(out, field);
    return;
  }
  const length = readUint32(field.bytes, field.cursor);
  const end = field.cursor.at + length;
  while (field.cursor.at < end) write(out, field);
}

const bucketCounts = createJsonOut();

function readBuckets(field: PointField): string {
  const { bytes, cursor } = field;
  const length = readUint32(bytes, cursor);
  const end = cursor.at + length;
  let offset = 0;
  resetJson(bucketCounts);
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag === 0x08) offset = readSint32(bytes, cursor);
    else if (tag === 0x10 || tag === 0x12) writeRepeated(bucketCounts, { ...field, tag }, writeVarint64);
    else skipField(bytes, cursor, tag);
  }
  return `{"offset":${offset},"bucketCounts":[${jsonText(bucketCounts)}]}`;
}

const number = createJsonOut();

function doubleJson(value: number): string {
  resetJson(number);
  writeDouble(number, value);
  return jsonText(number);
}

function readQuantile(field: PointField): string {
  const { bytes, cursor } = field;
  const length = readUint32(bytes, cursor);
  const inner = createCursor();
  inner.at = cursor.at;
  cursor.at += length;
  let quantile = 0;
  let value = 0;
  while (inner.at < cursor.at) {
    const tag = readUint32(bytes, inner);
    if (tag === 0x09) quantile = doubleAt(bytes, inner.at);
    else if (tag === 0x11) value = doubleAt(bytes, inner.at);
    skipField(bytes, inner, tag);
  }
  return `{"quantile":${doubleJson(quantile)},"value":${doubleJson(value)}}`;
}

function readExponential(detail: PointDetail, field: PointField): void {
  const { bytes, cursor, tag } = field;
  if (tag === 0x30) detail.scale = readSint32(bytes, cursor);
  else if (tag === 0x39) {
    readFixed64(bytes, cursor);
    detail.zeroCount = uint64Text(cursor.lo, cursor.hi);
  } else if (tag === 0x42) detail.positive = readBuckets(field);
  else if (tag === 0x4a) detail.negative = readBuckets(field);
  else {
    if (tag === 0x71) detail.zeroThreshold = doubleAt(bytes, cursor.at);
    skipField(bytes, cursor, tag);
  }
}

/** Reads one field into `detail`, or steps over it when the kind of point has no such field. */
export function readDetail(detail: PointDetail, field: PointField): void {
  const { bytes, cursor, tag, type } = field;
  if (type === 'exponential_histogram') readExponential(detail, field);
  else if (type === 'summary' && tag === 0x32) detail.quantiles.push(readQuantile(field));
  else if (type === 'histogram' && (tag === 0x31 || tag === 0x32))
    writeRepeated(detail.counts, field, writeFixed64);
  else if (type === 'histogram' && (tag === 0x39 || tag === 0x3a))
    writeRepeated(detail.bounds, field, writeFixedDouble);
  else skipField(bytes, cursor, tag);
}

/** The detail of a point of `type` as JSON. */
export function detailText(detail: PointDetail, type: MetricFields['type']): string {
  switch (type) {
    case 'histogram':
      return `{"bucketCounts":[${jsonText(detail.counts)}],"explicitBounds":[${jsonText(detail.bounds)}]}`;
    case 'exponential_histogram':
      return (
        `{"scale":${detail.scale},"zeroCount":${detail.zeroCount},` +
        `"zeroThreshold":${doubleJson(detail.zeroThreshold)},` +
        `"positive":${detail.positive},"negative":${detail.negative}}`
      );
    case 'summary':
      return `{"quantileValues":[${detail.quantiles.join(',')}]}`;
    default:
      return '{}';
  }
}
