import { noteCrowd, noteSpot, walkBytesValue, walkEventName, walkKey, walkText } from './check-spots.ts';
import {
  CAUSE,
  fail,
  failTooMany,
  MAX_VALUE_DEPTH,
  readSmall,
  refuse,
  skipVarint,
  type Walk,
} from './check-state.ts';
import { type MessageTable, OP } from './check-table.ts';
import { SPOT, SPOT_STRIDE } from './spots.ts';
import { isUtf8Range } from './utf8.ts';
import { createCursor, readUint32 } from './wire.ts';

/** AGGREGATION_TEMPORALITY_DELTA of metrics.proto. */
const DELTA = 1;
const SPOTS = 'values to be redacted or cut';
const BAD_VARINT = 'varint is cut off or longer than 10 bytes';
const cursor = createCursor();

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
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
function noteTime(walk: Walk, tagAt: number): void {
  const { bytes, interest } = walk;
  const at = tagAt + 1;
  const high =
    (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16)) + bytes[at + 7]! * 0x100_0000;
  // Zero is how OTLP says unknown.
  if (high === 0 && (interest === null || isZero(bytes, at, at + 4))) return;
  if (interest !== null && (high < interest.minTimeHigh || high > interest.maxTimeHigh)) {
    noteSpot(walk, SPOT.time, { tagAt, start: at, end: at + 8 });
    return;
  }
  if (high < walk.minTimeHigh) walk.minTimeHigh = high;
  if (high > walk.maxTimeHigh) walk.maxTimeHigh = high;
}

/** Walks a part that can be rejected alone, from `walk.at` to `end`; when it is at fault, notes a cut from `tagAt`. */
function walkUnit(walk: Walk, table: MessageTable, range: { tagAt: number; end: number }): boolean {
  const { cause: outerCause, deltaPoints: deltaBefore, items: itemsBefore } = walk;
  const cutsBefore = walk.cuts.length;
  const isItem = table.unit === 'span' || table.unit === 'item';
  const { maxItems } = walk.limits;
  if (++walk.units > 2 * maxItems) return failTooMany(walk, 'items and groups', maxItems);
  if (isItem && walk.items + walk.rejected >= maxItems) return failTooMany(walk, 'items', maxItems);
  walk.cause = CAUSE.none;
  if (isItem) walk.itemAt = walk.at;
  else if (table.isResourceGroup) walk.groups.push(range.tagAt);
  if (table.unit === 'span') {
    walk.traceIdOk = false;
    walk.spanIdOk = false;
  } else if (table.unit === 'metric') {
    walk.nameOk = false;
    walk.isDelta = false;
  }
  if (!walkMessage(walk, table, range.end)) return false;
  if (isItem) {
    walk.itemAt = -1;
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

function walkChild(walk: Walk, child: MessageTable, tagAt: number, end: number): boolean {
  if (child.isKeyValue) {
    return walkPlainAttribute(walk, tagAt, end) || walkKeyValue(walk, child, tagAt, end);
  }
  if (!child.nests) return walkMessage(walk, child, end);
  if (walk.depth >= MAX_VALUE_DEPTH) {
    refuse(walk, CAUSE.tooDeep);
    return true;
  }
  const { interest } = walk;
  if (interest !== null) {
    if (walk.depth === interest.maxDepth) noteSpot(walk, SPOT.deep, { tagAt, start: walk.at, end });
    if (walk.depth === 0 && end - walk.at > interest.maxValueBytes)
      noteSpot(walk, SPOT.large, { tagAt, start: walk.at, end });
  }
  walk.depth++;
  const well = walkMessage(walk, child, end);
  walk.depth--;
  return well;
}

/**
 * The shortcut for nearly every attribute there is: a key, then a value that is one text or number, all shorter than
 * 128 bytes. False, and nothing done, for any other form.
 */
function walkPlainAttribute(walk: Walk, tagAt: number, end: number): boolean {
  const { at, bytes } = walk;
  if (walk.depth > 0 || end - at < 5 || end - at > 0x7f || bytes[at] !== 0x0a) return false;
  const keyEnd = at + 2 + bytes[at + 1]!;
  const valueAt = keyEnd + 2;
  if (valueAt + 2 > end || bytes[keyEnd] !== 0x12 || bytes[keyEnd + 1] !== end - valueAt) return false;
  const tag = bytes[valueAt]!;
  if (tag === 0x0a) {
    if (bytes[valueAt + 1] !== end - valueAt - 2) return false;
  } else if (tag === 0x21) {
    if (end - valueAt !== 9) return false;
  } else if ((tag !== 0x18 && tag !== 0x10) || skipVarint(bytes, valueAt + 1, end) !== end) return false;
  const { interest } = walk;
  if (interest === null) {
    if (!isUtf8Range(bytes, at + 2, keyEnd)) refuse(walk, CAUSE.notUtf8);
  } else walkKey(walk, interest, at + 2, keyEnd);
  if (tag === 0x0a) {
    walk.at = valueAt + 2;
    walkText(walk, valueAt, end);
  } else if (tag === 0x18) {
    walk.at = valueAt + 1;
    walkInteger(walk, valueAt, end);
  }
  if (interest === null) return true;
  if (walk.keyClass > 1) noteSpot(walk, SPOT.keyed, { tagAt, start: at, end });
  walk.keyStart = -1;
  walk.keyEnd = -1;
  walk.keyClass = 0;
  return true;
}

/** Walks an attribute, or a member of a value that is a list of such; the key and the value come in any order. */
function walkKeyValue(walk: Walk, table: MessageTable, tagAt: number, end: number): boolean {
  const { keyClass, keyEnd, keyStart } = walk;
  const start = walk.at;
  walk.keyStart = -1;
  walk.keyEnd = -1;
  walk.keyClass = 0;
  if (!walkMessage(walk, table, end)) return false;
  if (walk.keyClass > 1) noteSpot(walk, SPOT.keyed, { tagAt, start, end });
  walk.keyStart = keyStart;
  walk.keyEnd = keyEnd;
  walk.keyClass = keyClass;
  return true;
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
  const { interest } = walk;
  const ops = table.ops;
  const from = walk.at;
  let at = from;
  let seen = 0;
  let members = 0;
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
      if (at + 8 <= end) noteTime(walk, at - 1);
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
        if (bit === 0) {
          members++;
          if (!countMember(walk)) return false;
        }
        if (!walkChild(walk, table.children[tag]!, tagAt, stop)) return false;
      } else if (op === OP.string) walkText(walk, tagAt, stop);
      else if (op === OP.key) {
        if (interest !== null) walkKey(walk, interest, at, stop);
        else if (!isUtf8Range(bytes, at, stop)) refuse(walk, CAUSE.notUtf8);
      } else if (op === OP.unit) {
        if (!walkUnit(walk, table.children[tag]!, { tagAt, end: stop })) return false;
      } else if (!walkRare(walk, op, { tagAt, start: at, end: stop })) return false;
      at = stop;
    } else {
      walk.at = at;
      if (op === OP.integer) at = walkInteger(walk, tagAt, end);
      else if (op === OP.temporality) at = noteTemporality(walk, tagAt, end);
      else if (op === OP.unknown && tag >> 3 !== 0) at = skipUnknown(walk, tag & 7, end);
      else return fail(walk, tagAt, faultOf(tag));
      if (at < 0) return false;
    }
    if (at > end) return fail(walk, tagAt, 'field is cut off');
  }
  if (members > 0 && interest !== null) {
    const { crowd } = table;
    if (members > interest.maxMembers[crowd]! || end - from > interest.maxMessageBytes[crowd]!)
      noteCrowd(walk, crowd, { start: from, end });
  }
  return true;
}

/** Of a varint: negative ones take ten bytes of which the last is 1; others may be padded to as many. */
function isNegative(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 10 && bytes[end - 1] === 1;
}

function countMember(walk: Walk): boolean {
  const { maxMembers, maxSpots } = walk.limits;
  if (++walk.members > maxMembers) return failTooMany(walk, 'attributes and other parts', maxMembers);
  return walk.spots.length <= maxSpots * SPOT_STRIDE || failTooMany(walk, SPOTS, maxSpots);
}

/** Steps over an integer value, which may be the number of a card; -1 with a fault. */
function walkInteger(walk: Walk, tagAt: number, end: number): number {
  const { at, interest } = walk;
  if (at < end && walk.bytes[at]! < 0x80) return at + 1;
  const after = skipVarint(walk.bytes, at, end);
  if (after < 0) fail(walk, tagAt, BAD_VARINT);
  else if (
    interest !== null &&
    after - at >= interest.minIntegerBytes &&
    !isNegative(walk.bytes, at, after)
  ) {
    noteSpot(walk, SPOT.integer, { tagAt, start: at, end: after });
  }
  return after;
}

function faultOf(tag: number): string {
  return tag >>> 3 === 0 ? 'field number 0' : `field ${tag >>> 3} has wire type ${tag & 7}`;
}

function walkRare(walk: Walk, op: number, range: { tagAt: number; start: number; end: number }): boolean {
  if (op === OP.metricName) {
    walk.nameOk = range.end > range.start;
    walkText(walk, range.tagAt, range.end);
  } else if (op === OP.eventName) walkEventName(walk, range);
  else if (op === OP.bytesValue) walkBytesValue(walk, range);
  else if (op === OP.packedFixed64) {
    if ((range.end - range.start) % 8 !== 0)
      return fail(walk, range.start, 'packed values are not a multiple of 8 bytes');
  } else if (op === OP.packedVarint) {
    if (!arePackedVarints(walk.bytes, range.start, range.end))
      return fail(walk, range.start, 'packed varint is cut off or longer than 10 bytes');
  } else if (op !== OP.bytes) checkId(walk, op, range);
  return true;
}
