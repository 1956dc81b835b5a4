import { createProtoOut, protoBytes, writeFixedDouble, writeVarint } from '#otlp/proto-out.ts';
import { createCursor, readUint32 } from '#otlp/wire.ts';
import {
  copyWithout,
  forEachField,
  type Range,
  SPAN_TAGS,
  type Span,
  widen,
  writeFixed64Field,
  writeOverflowAttribute,
  writeSpan,
} from './points.ts';

const ATTRIBUTES = 0x3a;
const AS_DOUBLE = 0x21;
const AS_INT = 0x31;
const FLAGS = 0x40;
/** DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK of metrics.proto. */
const NO_VALUE = 1;

interface Total {
  span: Span;
  /** Of those that are integers, and of the others. */
  ints: bigint;
  doubles: number;
  hasDouble: boolean;
  hasValue: boolean;
}

function add(total: Total, view: DataView, fields: { value: number; tag: number; flags: number }): void {
  if (fields.tag === 0 || (fields.flags & NO_VALUE) !== 0) return;
  total.hasValue = true;
  if (fields.tag === AS_INT) total.ints += view.getBigInt64(fields.value, true);
  else {
    total.hasDouble = true;
    total.doubles += view.getFloat64(fields.value, true);
  }
}

function addPoint(total: Total, bytes: Uint8Array, point: Range): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = { value: -1, tag: 0, flags: 0 };
  const span: Span = { start: 0n, time: 0n };
  forEachField(bytes, point, ({ at, tag }) => {
    if (tag === AS_DOUBLE || tag === AS_INT) {
      fields.value = at;
      fields.tag = tag;
    } else if (tag === FLAGS) {
      const cursor = createCursor();
      cursor.at = at;
      fields.flags = readUint32(bytes, cursor);
    } else if (tag === SPAN_TAGS[0]) span.start = view.getBigUint64(at, true);
    else if (tag === SPAN_TAGS[1]) span.time = view.getBigUint64(at, true);
  });
  widen(total.span, span.start, span.time);
  add(total, view, fields);
}

/**
 * One NumberDataPoint with the values of all added, integers exactly as long as the total is one of 64 bits; what else
 * it has, exemplars too, is of the first. Points without a recorded value add nothing.
 */
export function mergeNumbers(bytes: Uint8Array, points: readonly Range[]): Uint8Array {
  const total: Total = {
    span: { start: 0n, time: 0n },
    ints: 0n,
    doubles: 0,
    hasDouble: false,
    hasValue: false,
  };
  for (const point of points) addPoint(total, bytes, point);
  const first = points[0]!;
  const out = createProtoOut(first.end - first.start + 128);
  const replaced = [ATTRIBUTES, AS_DOUBLE, AS_INT, FLAGS, ...SPAN_TAGS];
  copyWithout(out, { bytes, start: first.start, end: first.end }, replaced);
  writeSpan(out, total.span);
  if (!total.hasValue) {
    writeVarint(out, FLAGS);
    writeVarint(out, NO_VALUE);
  } else if (total.hasDouble || BigInt.asIntN(64, total.ints) !== total.ints) {
    writeVarint(out, AS_DOUBLE);
    writeFixedDouble(out, total.doubles + Number(total.ints));
  } else writeFixed64Field(out, AS_INT, total.ints);
  writeOverflowAttribute(out, ATTRIBUTES);
  return protoBytes(out);
}
