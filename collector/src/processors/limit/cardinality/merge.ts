import { createProtoOut, protoBytes } from '#otlp/proto-out.ts';
import { mergeHistograms } from './merge-histograms.ts';
import { mergeNumbers } from './merge-numbers.ts';
import {
  ATTRIBUTE_TAGS,
  copyWithout,
  forEachField,
  type PointRange,
  type Range,
  SPAN_TAGS,
  writeOverflowAttribute,
} from './points.ts';

/** The Gauge, Sum, ... message of a metric; `tag` is that of its field in the Metric. */
export interface Data extends Range {
  bytes: Uint8Array;
  tag: number;
}

const GAUGE = 0x2a;
const SUM = 0x3a;
const HISTOGRAM = 0x4a;
const TEMPORALITY = 0x10;
/** AGGREGATION_TEMPORALITY_DELTA of metrics.proto. */
const DELTA = 1;

function timeOf(bytes: Uint8Array, point: Range): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let time = 0n;
  forEachField(bytes, point, ({ at, tag }) => {
    if (tag === SPAN_TAGS[1]) time = view.getBigUint64(at, true);
  });
  return time;
}

function isDelta(data: Data): boolean {
  let temporality = 0;
  forEachField(data.bytes, data, ({ at, tag }) => {
    // Values above 127 are none that is known, whatever their first byte.
    if (tag === TEMPORALITY) temporality = data.bytes[at]!;
  });
  return temporality === DELTA;
}

function latest<T extends Range>(bytes: Uint8Array, points: readonly T[]): T {
  let found = points[0]!;
  let foundTime = timeOf(bytes, found);
  for (const point of points.slice(1)) {
    const time = timeOf(bytes, point);
    if (time < foundTime) continue;
    found = point;
    foundTime = time;
  }
  return found;
}

/** A cumulative value has all earlier ones of its series in it, so that only the last may be added to others. */
function lastOfEachSet(bytes: Uint8Array, points: readonly PointRange[]): PointRange[] {
  const bySet = new Map<number, PointRange>();
  for (const point of points) {
    const other = bySet.get(point.key);
    bySet.set(point.key, other === undefined ? point : latest(bytes, [other, point]));
  }
  return [...bySet.values()];
}

function renamed(data: Data, point: Range): Uint8Array {
  const tag = ATTRIBUTE_TAGS.get(data.tag)!;
  const out = createProtoOut(point.end - point.start + 64);
  copyWithout(out, { bytes: data.bytes, start: point.start, end: point.end }, [tag]);
  writeOverflowAttribute(out, tag);
  return protoBytes(out);
}

/**
 * What points of one metric become under `otel.metric.overflow`: the content of one point, and how many have no part in
 * it. Sums are added, histograms too as far as their bounds are equal, of gauges the last one counts. Exponential
 * histograms and summaries have no honest total here: the first stays.
 */
export function mergePoints(
  data: Data,
  points: readonly PointRange[],
): { content: Uint8Array; dropped: number } {
  const { bytes, tag } = data;
  if (tag === GAUGE) return { content: renamed(data, latest(bytes, points)), dropped: 0 };
  if (points.length > 1 && (tag === SUM || tag === HISTOGRAM)) {
    const addable = isDelta(data) ? points : lastOfEachSet(bytes, points);
    if (tag === HISTOGRAM) return mergeHistograms(bytes, addable);
    return { content: mergeNumbers(bytes, addable), dropped: 0 };
  }
  return { content: renamed(data, points[0]!), dropped: points.length - 1 };
}
