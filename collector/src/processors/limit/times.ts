import type { Signal } from '#core/signal.ts';
import { type KeyValueRange, readKeyValue } from '#otlp/any-value.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { SPOT, SPOT_STRIDE, type Spots } from '#otlp/spots.ts';
import { createCursor, readUint32, skipField, textAt } from '#otlp/wire.ts';
import type { LimitConfig } from './config.ts';
import type { LimitCounts } from './counts.ts';
import { contentEnd, keyValue, messageField, textValue } from './fields.ts';
import { ORIGINAL_KEYS } from './shapes.ts';

/** Around one request: nanoseconds since 1970 UTC at which it was received. */
export interface Reception {
  signal: Signal;
  receivedUnixNano: bigint;
  config: LimitConfig;
}

/** What was done about times that are far off. */
export interface TimesLimited {
  /** For items that keep the original in an attribute. */
  edits: Edit[];
  /**
   * For all others, offset and nanoseconds in turn: 8 bytes to be written over, see `writeTimes`. Costs no memory
   * for each item, and no rewriting.
   */
  inPlace: (number | bigint)[];
  counts: LimitCounts;
  /** The first original, '' when there is none: `2106-02-07T06:28:16.000Z`. */
  note: string;
}

/** Over so many items of one request their originals are not kept: a sender whose clock is wrong would double its data. */
const MAX_ORIGINALS = 10_000;
const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_DAY = 86_400n * NANOS_PER_SECOND;
/** A duration up to this is kept when both ends are far off. */
const SANE_NANOS = NANOS_PER_DAY;

interface Layout {
  /** Tags of the two times; the second is not before the first when `isPair`. */
  first: number;
  second: number;
  isPair: boolean;
  /** Tag of attributes; 0 when originals are not kept. */
  attributes: number;
  firstKey: string;
  secondKey: string;
}

/** trace.proto, logs.proto and metrics.proto; all kinds of data points have their times in the same fields. */
const LAYOUTS: Readonly<Record<Signal, Layout>> = {
  traces: {
    first: 0x39,
    second: 0x41,
    isPair: true,
    attributes: 0x4a,
    firstKey: ORIGINAL_KEYS.time,
    secondKey: ORIGINAL_KEYS.end,
  },
  logs: {
    first: 0x09,
    second: 0x59,
    isPair: false,
    attributes: 0x32,
    firstKey: ORIGINAL_KEYS.time,
    secondKey: ORIGINAL_KEYS.observed,
  },
  // An attribute would make a new series of each point.
  metrics: { first: 0x11, second: 0x19, isPair: true, attributes: 0, firstKey: '', secondKey: '' },
};

/** A time of an item; `at` is of its 8 bytes, -1 when it is absent. */
interface Time {
  tagAt: number;
  at: number;
  nanos: bigint;
  hasOriginal: boolean;
}

interface Work extends TimesLimited {
  bytes: Uint8Array;
  view: DataView;
  layout: Layout;
  received: bigint;
  earliest: bigint;
  latest: bigint;
  originals: number;
  changed: number;
}

const MAX_NANOS = 2n ** 64n - 1n;
const NO_TIME = 0n;

const isFar = (work: Work, nanos: bigint) =>
  nanos !== NO_TIME && (nanos < work.earliest || nanos > work.latest);

const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

function noteOriginal(work: Work, times: readonly [Time, Time], field: { start: number; end: number }): void {
  readKeyValue(work.bytes, range, field.start, field.end);
  const length = range.end - range.start;
  const { firstKey, secondKey } = work.layout;
  if (length !== firstKey.length && length !== secondKey.length) return;
  const key = textAt(work.bytes, range.start, range.end);
  if (key === firstKey) times[0].hasOriginal = true;
  else if (key === secondKey) times[1].hasOriginal = true;
}

function readTimes(work: Work, start: number, end: number): [Time, Time] {
  const { bytes, layout, view } = work;
  const blank = { tagAt: -1, at: -1, nanos: NO_TIME, hasOriginal: false };
  const times: [Time, Time] = [{ ...blank }, { ...blank }];
  const cursor = createCursor();
  cursor.at = start;
  while (cursor.at < end) {
    const tagAt = cursor.at;
    const tag = readUint32(bytes, cursor);
    const at = cursor.at;
    if (tag === layout.attributes) {
      const length = readUint32(bytes, cursor);
      noteOriginal(work, times, { start: cursor.at, end: cursor.at + length });
      cursor.at += length;
      continue;
    }
    skipField(bytes, cursor, tag);
    if (tag !== layout.first && tag !== layout.second) continue;
    const time = times[tag === layout.first ? 0 : 1];
    time.tagAt = tagAt;
    time.at = at;
    time.nanos = view.getBigUint64(at, true);
  }
  return times;
}

/** What two times that belong together become: in order, and as far apart as they were when that can be. */
function clampPair(work: Work, first: bigint, second: bigint): [bigint, bigint] {
  const { received } = work;
  const isFirstFar = isFar(work, first);
  const isSecondFar = isFar(work, second);
  if (isFirstFar && isSecondFar) {
    const duration = second - first;
    const isSane = duration >= 0n && duration <= SANE_NANOS && !isFar(work, received - duration);
    return [isSane ? received - duration : received, received];
  }
  if (isFirstFar) return [second !== NO_TIME && second < received ? second : received, second];
  if (isSecondFar) return [first, first > received ? first : received];
  return [first, second];
}

function replace(work: Work, time: Time, wanted: { nanos: bigint; key: string; tag: number }): void {
  if (time.nanos === wanted.nanos) return;
  work.changed++;
  if (work.note === '') work.note = new Date(Number(time.nanos / 1_000_000n)).toISOString();
  const { attributes } = work.layout;
  if (attributes === 0 || time.hasOriginal || work.originals >= MAX_ORIGINALS) {
    work.inPlace.push(time.at, wanted.nanos);
    return;
  }
  work.originals++;
  const field = new Uint8Array(9);
  field[0] = wanted.tag;
  new DataView(field.buffer).setBigUint64(1, wanted.nanos, true);
  const original = keyValue(wanted.key, textValue(String(time.nanos)));
  const bytes = Buffer.concat([field, messageField(attributes, original)]);
  work.edits.push({ start: time.tagAt, end: time.at + 8, bytes });
}

function limitItem(work: Work, start: number): void {
  const { layout, received } = work;
  const [first, second] = readTimes(work, start, contentEnd(work.bytes, start));
  const alone = (nanos: bigint) => (isFar(work, nanos) ? received : nanos);
  const [firstNanos, secondNanos] = layout.isPair
    ? clampPair(work, first.nanos, second.nanos)
    : [alone(first.nanos), alone(second.nanos)];
  if (first.at >= 0) replace(work, first, { nanos: firstNanos, key: layout.firstKey, tag: layout.first });
  if (second.at >= 0)
    replace(work, second, { nanos: secondNanos, key: layout.secondKey, tag: layout.second });
}

function createWork(bytes: Uint8Array, { config, receivedUnixNano, signal }: Reception): Work {
  const past = BigInt(config.max_past_days) * NANOS_PER_DAY;
  const future = BigInt(config.max_future_days) * NANOS_PER_DAY;
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    layout: LAYOUTS[signal],
    received: receivedUnixNano,
    earliest: past === 0n ? 0n : receivedUnixNano - past,
    latest: future === 0n ? MAX_NANOS : receivedUnixNano + future,
    originals: 0,
    changed: 0,
    edits: [],
    inPlace: [],
    counts: {},
    note: '',
  };
}

/**
 * Sets the times of items with a `time` spot, which are longer ago or further ahead than the limits, to the time of
 * receipt. The end of a span is never before its start: when both are far off both are shifted, so that a duration up to
 * a day stays. Spans and log records keep what they said as decimal text in `signalbox.original_time_unix_nano`,
 * `signalbox.original_end_time_unix_nano` and `signalbox.original_observed_time_unix_nano`, in one request at most 10,000
 * times. Zero means unknown and stays.
 */
export function timeEdits(bytes: Uint8Array, spots: Spots, reception: Reception): TimesLimited {
  const work = createWork(bytes, reception);
  let lastItem = -1;
  for (let at = 0; at < spots.length; at += SPOT_STRIDE) {
    const item = spots[at + 7]!;
    if (spots[at] !== SPOT.time || item < 0 || item === lastItem) continue;
    lastItem = item;
    limitItem(work, item);
  }
  if (work.changed > 0) work.counts.time = work.changed;
  const { counts, edits, inPlace, note } = work;
  return { counts, edits, inPlace, note };
}

/** Writes the times of `inPlace` into `bytes` themselves; before any rewriting, as its offsets are of these bytes. */
export function writeTimes(bytes: Uint8Array, inPlace: TimesLimited['inPlace']): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < inPlace.length; at += 2) {
    view.setBigUint64(inPlace[at] as number, inPlace[at + 1] as bigint, true);
  }
}

/** The upper 32 bits of the earliest and latest times that need no `time` spot; never narrower than the limits. */
export function timeThresholds(reception: Omit<Reception, 'signal'>): { minHigh: number; maxHigh: number } {
  const { earliest, latest } = createWork(new Uint8Array(0), { ...reception, signal: 'traces' });
  return { minHigh: earliest <= 0n ? 0 : Number(earliest >> 32n), maxHigh: Number(latest >> 32n) };
}
