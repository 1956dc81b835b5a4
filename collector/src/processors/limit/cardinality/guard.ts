import type { Clock } from '#core/clock.ts';
import { type KeyValueRange, readKeyValue, scalarText } from '#otlp/any-value.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { createCursor, readUint32, skipField, textAt } from '#otlp/wire.ts';
import type { LimitCounts } from '../counts.ts';
import { messageField } from '../fields.ts';
import { type Hash, hashBytes, hashKey, mix } from './hash.ts';
import { type Data, mergePoints } from './merge.ts';
import { ATTRIBUTE_TAGS, forEachField, OVERFLOW_ATTRIBUTE, type PointRange, type Range } from './points.ts';
import { createSeriesRegistry, type SeriesConfig, type SeriesRegistry } from './registry.ts';

/** Data points of one metric that went to `otel.metric.overflow`; `dropped` of them could not be merged. */
export interface Overflowed {
  service: string;
  metric: string;
  points: number;
  dropped: number;
}

export interface Guarded {
  edits: Edit[];
  /** By metric, 100 at most, names of at most 128 characters. */
  overflowed: Overflowed[];
  /** All points that overflowed, as `series`. */
  counts: LimitCounts;
}

/** Keeps senders from making ever new series; see `createCardinalityGuard`. */
export interface CardinalityGuard {
  /** Attribute sets known now. */
  readonly series: number;
  guard(bytes: Uint8Array): Guarded;
}

/** Over so many points of one metric and request no more are merged: they are dropped, and counted as such. */
const MAX_MERGED = 65_536;
const MAX_REPORTED = 100;
const MAX_CHARS = 128;
const FIRST = 0x0a;
const SECOND = 0x12;
const SERVICE_KEYS = ['service.name', 'service.namespace', 'service.instance.id'].map((key) =>
  Buffer.from(key),
);

interface Service extends Hash {
  /** The AnyValue of service.name; empty without one. */
  name: Range;
}

interface Found {
  points: PointRange[];
  /** Pairs of offsets: runs of points that go. */
  runs: number[];
  moved: number;
  unmerged: number;
}

interface Work extends Guarded {
  bytes: Uint8Array;
  registry: SeriesRegistry;
  service: Service;
}

const OVERFLOW_SET: Hash = { ...hashBytes(OVERFLOW_ATTRIBUTE, 0, OVERFLOW_ATTRIBUTE.length) };
const isOverflowSet = (set: Hash) => set.a === OVERFLOW_SET.a && set.b === OVERFLOW_SET.b;

const set: Hash = { a: 0, b: 0 };
const cursor = createCursor();

/** Into `set`: equal for equal attributes in whatever order. */
function hashSet(bytes: Uint8Array, point: Range, attributesTag: number): void {
  let a = 0;
  let b = 0;
  cursor.at = point.start;
  while (cursor.at < point.end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== attributesTag) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const start = cursor.at;
    cursor.at += length;
    const hash = hashBytes(bytes, start, cursor.at);
    a += hash.a;
    b += hash.b;
  }
  set.a = a | 0;
  set.b = b | 0;
}

/** Where the content of a length-delimited field begins. */
function contentStart(bytes: Uint8Array, lengthAt: number): number {
  let at = lengthAt;
  while (bytes[at]! >= 0x80) at++;
  return at + 1;
}

function each(work: Work, range: Range & { tag: number }, visit: (part: Range) => void): void {
  forEachField(work.bytes, range, ({ at, end, tag }) => {
    if (tag === range.tag) visit({ start: contentStart(work.bytes, at), end });
  });
}

const keyRange: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

function isKey(bytes: Uint8Array, key: Uint8Array): boolean {
  if (keyRange.end - keyRange.start !== key.length) return false;
  for (let at = 0; at < key.length; at++) if (bytes[keyRange.start + at] !== key[at]) return false;
  return true;
}

/** Who sent the group, of which of equal keys the first counts. */
function readService(work: Work, group: Range): Service {
  const { bytes } = work;
  const service: Service = { a: 0, b: 0, name: { start: 0, end: 0 } };
  let met = 0;
  each(work, { ...group, tag: FIRST }, (resource) =>
    each(work, { ...resource, tag: FIRST }, (attribute) => {
      readKeyValue(bytes, keyRange, attribute.start, attribute.end);
      const index = SERVICE_KEYS.findIndex((key) => isKey(bytes, key));
      if (index < 0 || keyRange.valueStart < 0 || (met & (1 << index)) !== 0) return;
      met |= 1 << index;
      const { valueEnd, valueStart } = keyRange;
      if (index === 0) service.name = { start: valueStart, end: valueEnd };
      const { a, b } = hashBytes(bytes, valueStart, valueEnd);
      service.a = (service.a + mix(a + index)) | 0;
      service.b = (service.b + mix(b + index)) | 0;
    }),
  );
  return service;
}

function note(found: Found, point: { tagAt: number } & Range): void {
  const { runs } = found;
  if (runs.at(-1) === point.tagAt) runs[runs.length - 1] = point.end;
  else runs.push(point.tagAt, point.end);
  if (found.points.length >= MAX_MERGED) {
    found.unmerged++;
    return;
  }
  found.points.push({ start: point.start, end: point.end, key: hashKey(set.a, set.b) });
}

function findOverflow(work: Work, data: Data, stream: Hash): Found {
  const { bytes, registry } = work;
  const attributesTag = ATTRIBUTE_TAGS.get(data.tag)!;
  const found: Found = { points: [], runs: [], moved: 0, unmerged: 0 };
  forEachField(bytes, data, ({ at, end, tag, tagAt }) => {
    if (tag !== FIRST) return;
    const point = { tagAt, start: contentStart(bytes, at), end };
    hashSet(bytes, point, attributesTag);
    if (isOverflowSet(set)) note(found, point);
    else if (!registry.admits(stream.a, stream.b, set)) {
      found.moved++;
      note(found, point);
    }
  });
  return found;
}

/** A copy, since a slice would keep the whole text in memory. */
const bounded = (text: string) =>
  text.length <= MAX_CHARS ? text : Buffer.from(text.slice(0, MAX_CHARS)).toString();

function report(work: Work, name: Range, counted: { points: number; dropped: number }): void {
  const { bytes, overflowed, service } = work;
  work.counts.series = (work.counts.series ?? 0) + counted.points;
  if (overflowed.length >= MAX_REPORTED) return;
  overflowed.push({
    service: bounded(scalarText(bytes, service.name.start, service.name.end) || 'unknown_service'),
    metric: bounded(textAt(bytes, name.start, name.end)),
    ...counted,
  });
}

function guardMetric(work: Work, metric: Range): void {
  const { bytes } = work;
  const name: Range = { start: 0, end: 0 };
  const data: Data = { bytes, tag: 0, start: 0, end: 0 };
  forEachField(bytes, metric, ({ at, end, tag }) => {
    const range = tag === FIRST ? name : ATTRIBUTE_TAGS.has(tag) ? data : null;
    if (range === null) return;
    if (range === data) data.tag = tag;
    range.start = contentStart(bytes, at);
    range.end = end;
  });
  if (data.tag === 0) return;
  const hash = hashBytes(bytes, name.start, name.end);
  const stream = { a: mix(hash.a ^ work.service.a), b: mix((hash.b + work.service.b) | 0) };
  const found = findOverflow(work, data, stream);
  if (found.moved === 0) return;
  const { content, dropped } = mergePoints(data, found.points);
  for (let at = 0; at < found.runs.length; at += 2) {
    const replacement = at === 0 ? messageField(FIRST, content) : new Uint8Array(0);
    work.edits.push({ start: found.runs[at]!, end: found.runs[at + 1]!, bytes: replacement });
  }
  report(work, name, { points: found.moved, dropped: dropped + found.unmerged });
}

/**
 * Lets each metric of a service (`service.name`, `service.namespace`, `service.instance.id`) have at most
 * `max_series_per_metric` attribute sets, and all together `max_series`. Points of further sets lose their attributes and
 * become one point with `otel.metric.overflow` = true for each metric and request (OpenTelemetry metrics SDK,
 * "Cardinality limits"), so that totals stay. An overflow point that a sender made itself is merged with ours.
 *
 * `guard` takes a checked metrics request from which secrets are gone already: exemplars in its edits are copied from
 * these bytes. Memory: 8 MiB for 200,000 sets, and some 60 bytes for each metric of a service.
 */
export function createCardinalityGuard(config: SeriesConfig, clock: Clock): CardinalityGuard {
  const registry = createSeriesRegistry(config, clock);
  return {
    get series() {
      return registry.size;
    },
    guard(bytes) {
      registry.begin();
      const work: Work = {
        bytes,
        registry,
        edits: [],
        overflowed: [],
        counts: {},
        service: { a: 0, b: 0, name: { start: 0, end: 0 } },
      };
      each(work, { start: 0, end: bytes.length, tag: FIRST }, (group) => {
        work.service = readService(work, group);
        each(work, { ...group, tag: SECOND }, (scope) =>
          each(work, { ...scope, tag: SECOND }, (metric) => guardMetric(work, metric)),
        );
      });
      const { counts, edits, overflowed } = work;
      return { counts, edits, overflowed };
    },
  };
}
