import { addAttribute, attributesText, createAttributes, openAttributes } from './attributes.ts';
import { writeExemplar } from './exemplar.ts';
import { createJsonOut, jsonText, resetJson } from './json-out.ts';
import type { MetricFields, PointFields } from './metric.ts';
import { clearDetail, createDetail, detailText, readDetail } from './point-detail.ts';
import { createCursor, doubleAt, readUint32, skipField } from './wire.ts';

const point: PointFields = {
  attributesJson: '{}',
  startAt: -1,
  timeAt: -1,
  flags: 0,
  valueKind: 'none',
  intAt: -1,
  doubleValue: 0,
  countAt: -1,
  sum: null,
  min: null,
  max: null,
  detailJson: '{}',
  exemplarsJson: '[]',
};
const attributes = createAttributes();
const exemplars = createJsonOut();
const detail = createDetail();
const cursor = createCursor();

interface Kind {
  attributes: number;
  exemplars: number;
  flags: number;
  min: number;
  max: number;
  isNumber: boolean;
}

/** Tags that differ between the kinds of points (metrics.proto); 0 where a kind has no such field. */
const NUMBER: Kind = { attributes: 0x3a, exemplars: 0x2a, flags: 0x40, min: 0, max: 0, isNumber: true };
const KINDS: Record<MetricFields['type'], Kind> = {
  gauge: NUMBER,
  sum: NUMBER,
  histogram: { attributes: 0x4a, exemplars: 0x42, flags: 0x50, min: 0x59, max: 0x61, isNumber: false },
  exponential_histogram: {
    attributes: 0x0a,
    exemplars: 0x5a,
    flags: 0x50,
    min: 0x61,
    max: 0x69,
    isNumber: false,
  },
  summary: { attributes: 0x3a, exemplars: 0, flags: 0x40, min: 0, max: 0, isNumber: false },
  none: NUMBER,
};

function clear(): void {
  point.startAt = -1;
  point.timeAt = -1;
  point.flags = 0;
  point.valueKind = 'none';
  point.intAt = -1;
  point.doubleValue = 0;
  point.countAt = -1;
  point.sum = null;
  point.min = null;
  point.max = null;
  openAttributes(attributes);
  resetJson(exemplars);
  clearDetail(detail);
}

function readNumberValue(bytes: Uint8Array, tag: number, at: number): void {
  if (tag === 0x21) {
    point.valueKind = 'double';
    point.doubleValue = doubleAt(bytes, at);
    point.intAt = -1;
  } else if (tag === 0x31) {
    point.valueKind = 'int';
    point.intAt = at;
    point.doubleValue = 0;
  }
}

function readEightBytes(bytes: Uint8Array, kind: Kind, tag: number): void {
  const at = cursor.at;
  if (tag === 0x11) point.startAt = at;
  else if (tag === 0x19) point.timeAt = at;
  else if (kind.isNumber) readNumberValue(bytes, tag, at);
  else if (tag === 0x21) point.countAt = at;
  else if (tag === 0x29) point.sum = doubleAt(bytes, at);
  else if (tag === kind.min) point.min = doubleAt(bytes, at);
  else if (tag === kind.max) point.max = doubleAt(bytes, at);
}

/** Reads a checked data point of a metric of `type`. The answer is one object, good until the next call. */
export function readPoint(
  bytes: Uint8Array,
  type: MetricFields['type'],
  range: { start: number; end: number },
): PointFields {
  clear();
  // Of a summary alone the sum has no presence: absent is zero (metrics.proto).
  if (type === 'summary') point.sum = 0;
  cursor.at = range.start;
  walkPoint(bytes, type, range.end);
  point.attributesJson = attributesText(attributes);
  point.exemplarsJson = exemplars.at === 0 ? '[]' : `[${jsonText(exemplars)}]`;
  point.detailJson = detailText(detail, type);
  return point;
}

function walkPoint(bytes: Uint8Array, type: MetricFields['type'], end: number): void {
  const kind = KINDS[type];
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if ((tag & 7) === 1) readEightBytes(bytes, kind, tag);
    if (tag === kind.flags) {
      point.flags = readUint32(bytes, cursor);
      continue;
    }
    if (tag !== kind.attributes && tag !== kind.exemplars) {
      if (kind.isNumber) skipField(bytes, cursor, tag);
      else readDetail(detail, { bytes, cursor, tag, type });
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    cursor.at += length;
    if (tag === kind.attributes) addAttribute(attributes, bytes, from, cursor.at);
    else writeExemplar(exemplars, bytes, from, cursor.at);
  }
}
