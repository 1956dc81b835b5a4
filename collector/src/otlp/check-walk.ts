import { type MessageTable, OP } from './check-table.ts';
import { isUtf8Range } from './utf8.ts';
import { createCursor, readUint32 } from './wire.ts';

/** Why a unit that is well formed on the wire is refused all the same; 0 means it is not. */
export const CAUSE = {
  none: 0,
  traceId: 1,
  spanId: 2,
  parentSpanId: 3,
  metricName: 4,
  notUtf8: 5,
  tooDeep: 6,
  twice: 7,
} as const;

/** Attribute values nested deeper than this are refused, so that no reader after us can be made to overflow. */
export const MAX_VALUE_DEPTH = 64;

/** AGGREGATION_TEMPORALITY_DELTA of metrics.proto. */
const DELTA = 1;
const BAD_VARINT = 'varint is cut off or longer than 10 bytes';
const cursor = createCursor();

/** The state of one walk over a request; see `walkMessage`. */
export interface Walk {
  bytes: Uint8Array;
  at: number;
  depth: number;
  /** One of CAUSE, for the unit being walked. */
  cause: number;
  traceIdOk: boolean;
  spanIdOk: boolean;
  nameOk: boolean;
  /** Of the metric being walked, as far as it is known yet. */
  isDelta: boolean;
  /** Items found good so far. */
  items: number;
  /** Those of them in metrics of delta temporality, and where the first such metric begins. */
  deltaPoints: number;
  deltaAt: number;
  rejected: number;
  /** Rejected items by CAUSE. */
  causes: number[];
  /** Upper 32 bits of the smallest and largest time of an item; 2^32 and 0 while none was seen. */
  minTimeHigh: number;
  maxTimeHigh: number;
  longestItemBytes: number;
  /** Pairs of offsets, ascending, of what must go: from the tag of a unit to its end. */
  cuts: number[];
  fault: string;
}

export function createWalk(bytes: Uint8Array): Walk {
  return {
    bytes,
    at: 0,
    depth: 0,
    cause: CAUSE.none,
    traceIdOk: false,
    spanIdOk: false,
    nameOk: false,
    isDelta: false,
    items: 0,
    deltaPoints: 0,
    deltaAt: 0,
    rejected: 0,
    causes: new Array<number>(8).fill(0),
    minTimeHigh: 2 ** 32,
    maxTimeHigh: 0,
    longestItemBytes: 0,
    cuts: [],
    fault: '',
  };
}

function fail(walk: Walk, at: number, what: string): false {
  walk.fault = `${what} at byte ${at}`;
  return false;
}

/** Steps over a varint of at most 64 bits; -1 when it is cut off or longer. */
function skipVarint(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (bytes[at++]! < 0x80) return at - start === 10 && bytes[at - 1]! > 1 ? -1 : at;
    if (at - start === 10) return -1;
  }
  return -1;
}

/** Reads a varint that must be below 2^32 and no longer than `maxBytes`; -1 when it is not. Sets `walk.at`. */
function readSmall(walk: Walk, end: number, maxBytes: number): number {
  const start = walk.at;
  const after = skipVarint(walk.bytes, start, end);
  if (after < 0 || after - start > maxBytes) return -1;
  let value = 0;
  for (let at = after - 1; at >= start; at--) value = value * 128 + (walk.bytes[at]! & 0x7f);
  walk.at = after;
  return value > 0xffff_ffff ? -1 : value;
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

function refuse(walk: Walk, cause: number): void {
  if (walk.cause === CAUSE.none) walk.cause = cause;
}

function arePackedVarints(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    at = skipVarint(bytes, at, end);
    if (at < 0) return false;
  }
  return true;
}

function missingOf(walk: Walk, table: MessageTable): number {
  if (walk.cause !== CAUSE.none) return walk.cause;
  if (table.unit === 'span') {
    if (!walk.traceIdOk) return CAUSE.traceId;
    return walk.spanIdOk ? CAUSE.none : CAUSE.spanId;
  }
  return table.unit === 'metric' && !walk.nameOk ? CAUSE.metricName : CAUSE.none;
}

/** A range of times to within 4.3 s, which is all that later stages ask of it, costs one comparison each. */
function noteTime(walk: Walk, at: number): void {
  const { bytes } = walk;
  const high =
    (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16)) + bytes[at + 7]! * 0x100_0000;
  // Zero is how OTLP says unknown.
  if (high === 0) return;
  if (high < walk.minTimeHigh) walk.minTimeHigh = high;
  if (high > walk.maxTimeHigh) walk.maxTimeHigh = high;
}

/** Walks a part that can be rejected alone, from `walk.at` to `end`; when it is at fault, notes a cut from `tagAt`. */
function walkUnit(walk: Walk, table: MessageTable, range: { tagAt: number; end: number }): boolean {
  const { cause: outerCause, deltaPoints: deltaBefore, items: itemsBefore } = walk;
  const cutsBefore = walk.cuts.length;
  walk.cause = CAUSE.none;
  if (table.unit === 'span') {
    walk.traceIdOk = false;
    walk.spanIdOk = false;
  } else if (table.unit === 'metric') {
    walk.nameOk = false;
    walk.isDelta = false;
  }
  if (!walkMessage(walk, table, range.end)) return false;
  if (table.unit === 'span' || table.unit === 'item') {
    walk.items++;
    const size = range.end - range.tagAt;
    if (size > walk.longestItemBytes) walk.longestItemBytes = size;
  } else if (table.unit === 'metric' && walk.isDelta) {
    if (walk.deltaPoints === 0) walk.deltaAt = range.tagAt;
    walk.deltaPoints += walk.items - itemsBefore;
  }
  const cause = missingOf(walk, table);
  walk.cause = outerCause;
  if (cause === CAUSE.none) return true;
  const lost = walk.items - itemsBefore;
  walk.items = itemsBefore;
  walk.deltaPoints = deltaBefore;
  walk.rejected += lost;
  walk.causes[cause] = walk.causes[cause]! + lost;
  walk.cuts.length = cutsBefore;
  walk.cuts.push(range.tagAt, range.end);
  return true;
}

function walkChild(walk: Walk, child: MessageTable, end: number): boolean {
  if (!child.nests) return walkMessage(walk, child, end);
  if (walk.depth >= MAX_VALUE_DEPTH) {
    refuse(walk, CAUSE.tooDeep);
    return true;
  }
  walk.depth++;
  const well = walkMessage(walk, child, end);
  walk.depth--;
  return well;
}

/** Notes the temporality of the metric around it, which may stand before or behind the points; -1 with a fault. */
function noteTemporality(walk: Walk, tagAt: number, end: number): number {
  const { at, bytes } = walk;
  if (at < end && bytes[at]! < 0x80) {
    walk.isDelta = bytes[at] === DELTA;
    return at + 1;
  }
  const after = skipVarint(bytes, at, end);
  if (after < 0) {
    fail(walk, tagAt, BAD_VARINT);
    return -1;
  }
  cursor.at = at;
  walk.isDelta = readUint32(bytes, cursor) === DELTA;
  return after;
}

/** Steps over a field that schema.ts does not know; -1 with a fault when its wire type is none or it is cut off. */
function skipUnknown(walk: Walk, wire: number, end: number): number {
  let after = -1;
  if (wire === 0) after = skipVarint(walk.bytes, walk.at, end);
  else if (wire === 1) after = walk.at + 8;
  else if (wire === 5) after = walk.at + 4;
  else if (wire === 2) {
    const length = readSmall(walk, end, 10);
    after = length < 0 ? -1 : walk.at + length;
  } else {
    fail(walk, walk.at, `wire type ${wire} is not supported`);
    return -1;
  }
  if (after >= 0 && after <= end) return after;
  fail(walk, walk.at, 'unknown field is cut off');
  return -1;
}

function checkId(walk: Walk, op: number, range: { start: number; end: number }): void {
  const length = range.end - range.start;
  if (op === OP.traceId) walk.traceIdOk = length === 16 && !isZero(walk.bytes, range.start, range.end);
  else if (op === OP.spanId) walk.spanIdOk = length === 8 && !isZero(walk.bytes, range.start, range.end);
  else if (length !== 0 && length !== 8) refuse(walk, CAUSE.parentSpanId);
}

/**
 * Checks one message from `walk.at` to exactly `end`, and everything in it (protobuf encoding specification,
 * "Message Structure"). False when it is malformed, with `walk.fault` saying what and where. Meaning is judged
 * for each unit, and what is refused is noted in `walk`, not answered here.
 */
export function walkMessage(walk: Walk, table: MessageTable, end: number): boolean {
  const bytes = walk.bytes;
  const ops = table.ops;
  let at = walk.at;
  let seen = 0;
  while (at < end) {
    const tagAt = at;
    let tag = bytes[at++]!;
    if (tag >= 0x80) {
      walk.at = tagAt;
      tag = readSmall(walk, end, 5);
      if (tag < 0) return fail(walk, tagAt, 'field tag is cut off or too long');
      at = walk.at;
    }
    const op = tag < 256 ? ops[tag]! : OP.unknown;
    if (op === OP.fixed64) at += 8;
    else if (op === OP.time) {
      if (at + 8 <= end) noteTime(walk, at);
      at += 8;
    } else if (op === OP.varint) {
      if (at < end && bytes[at]! < 0x80) at++;
      else at = skipVarint(bytes, at, end);
      if (at < 0) return fail(walk, tagAt, BAD_VARINT);
    } else if (op === OP.fixed32) at += 4;
    else if (op >= OP.string) {
      let length = at < end ? bytes[at]! : 0x80;
      if (length < 0x80) at++;
      else {
        walk.at = at;
        length = readSmall(walk, end, 10);
        if (length < 0) return fail(walk, at, 'length is cut off or too large');
        at = walk.at;
      }
      const stop = at + length;
      if (stop > end) return fail(walk, tagAt, 'field is longer than the message around it');
      walk.at = at;
      if (op === OP.message) {
        const bit = table.once[tag]!;
        if ((seen & bit) !== 0) refuse(walk, CAUSE.twice);
        seen |= bit;
        if (!walkChild(walk, table.children[tag]!, stop)) return false;
      } else if (op === OP.string) {
        if (!isUtf8Range(bytes, at, stop)) refuse(walk, CAUSE.notUtf8);
      } else if (op === OP.unit) {
        if (!walkUnit(walk, table.children[tag]!, { tagAt, end: stop })) return false;
      } else if (!walkRare(walk, op, { start: at, end: stop })) return false;
      at = stop;
    } else {
      walk.at = at;
      if (op === OP.temporality) at = noteTemporality(walk, tagAt, end);
      else if (op === OP.unknown && tag >> 3 !== 0) at = skipUnknown(walk, tag & 7, end);
      else return fail(walk, tagAt, faultOf(tag));
      if (at < 0) return false;
    }
    if (at > end) return fail(walk, tagAt, 'field is cut off');
  }
  return true;
}

function faultOf(tag: number): string {
  return tag >>> 3 === 0 ? 'field number 0' : `field ${tag >>> 3} has wire type ${tag & 7}`;
}

function walkRare(walk: Walk, op: number, range: { start: number; end: number }): boolean {
  if (op === OP.metricName) {
    walk.nameOk = range.end > range.start;
    if (!isUtf8Range(walk.bytes, range.start, range.end)) refuse(walk, CAUSE.notUtf8);
  } else if (op === OP.packedFixed64) {
    if ((range.end - range.start) % 8 !== 0)
      return fail(walk, range.start, 'packed values are not a multiple of 8 bytes');
  } else if (op === OP.packedVarint) {
    if (!arePackedVarints(walk.bytes, range.start, range.end))
      return fail(walk, range.start, 'packed varint is cut off or longer than 10 bytes');
  } else if (op !== OP.bytes) checkId(walk, op, range);
  return true;
}
