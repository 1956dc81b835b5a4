import {
  type ProtoOut,
  reserveBytes,
  writeFixed32,
  writeLengthDelimited,
  writeVarint,
} from '#otlp/proto-out.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { keyValue } from '../fields.ts';

export interface Range {
  start: number;
  end: number;
}

/** A data point whose attribute set has no place; `key` is the same for equal sets. */
export interface PointRange extends Range {
  key: number;
}

/** The content of the attribute for points beyond a limit (OpenTelemetry metrics SDK, "Overflow attribute"). */
export const OVERFLOW_ATTRIBUTE = keyValue('otel.metric.overflow', Uint8Array.of(0x10, 1));

/** Tags of the Gauge, Sum, ... in a Metric, and of attributes in their points (metrics.proto). */
export const ATTRIBUTE_TAGS: ReadonlyMap<number, number> = new Map([
  [0x2a, 0x3a],
  [0x3a, 0x3a],
  [0x4a, 0x4a],
  [0x52, 0x0a],
  [0x5a, 0x3a],
]);

/** A field of a data point; `at` is behind its tag. */
export interface PointField {
  tag: number;
  tagAt: number;
  at: number;
  end: number;
}

/** Gives each field of a message. `visit` gets one object, good until it returns. */
export function forEachField(bytes: Uint8Array, range: Range, visit: (field: PointField) => void): void {
  const cursor = createCursor();
  const field: PointField = { tag: 0, tagAt: 0, at: 0, end: 0 };
  cursor.at = range.start;
  while (cursor.at < range.end) {
    field.tagAt = cursor.at;
    field.tag = readUint32(bytes, cursor);
    field.at = cursor.at;
    skipField(bytes, cursor, field.tag);
    field.end = cursor.at;
    visit(field);
  }
}

/** Copies a point's fields but those with one of `tags`. */
export function copyWithout(
  out: ProtoOut,
  point: Range & { bytes: Uint8Array },
  tags: readonly number[],
): void {
  const { bytes } = point;
  forEachField(bytes, point, ({ end, tag, tagAt }) => {
    if (tags.includes(tag)) return;
    reserveBytes(out, end - tagAt);
    out.bytes.set(bytes.subarray(tagAt, end), out.at);
    out.at += end - tagAt;
  });
}

export function writeOverflowAttribute(out: ProtoOut, tag: number): void {
  writeVarint(out, tag);
  writeLengthDelimited(out, { bytes: OVERFLOW_ATTRIBUTE, start: 0, end: OVERFLOW_ATTRIBUTE.length });
}

/** A field of 8 bytes; the low 64 bits of `value`, which may be negative. */
export function writeFixed64Field(out: ProtoOut, tag: number, value: bigint): void {
  writeVarint(out, tag);
  writeFixed32(out, Number(BigInt.asUintN(32, value)));
  writeFixed32(out, Number(BigInt.asUintN(32, value >> 32n)));
}

/** Of several points together: from the earliest start that is known to the last time. */
export interface Span {
  start: bigint;
  time: bigint;
}

const START = 0x11;
const TIME = 0x19;
/** Tags of `Span`, for `copyWithout`. */
export const SPAN_TAGS: readonly number[] = [START, TIME];

export function widen(span: Span, start: bigint, time: bigint): void {
  if (start !== 0n && (span.start === 0n || start < span.start)) span.start = start;
  if (time > span.time) span.time = time;
}

export function writeSpan(out: ProtoOut, span: Span): void {
  if (span.start !== 0n) writeFixed64Field(out, START, span.start);
  writeFixed64Field(out, TIME, span.time);
}
