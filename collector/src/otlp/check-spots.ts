import { CAUSE, refuse, type Walk } from './check-state.ts';
import type { Interest } from './interest.ts';
import { isClean, keyClassOf, noteClean } from './key-classes.ts';
import { SPOT } from './spots.ts';
import { isUtf8Range } from './utf8.ts';

/** Notes a spot of the attribute and item being walked, see `Spots`. */
export function noteSpot(
  walk: Walk,
  kind: number,
  range: { tagAt: number; start: number; end: number },
): void {
  const { itemAt, keyClass, keyEnd, keyStart } = walk;
  walk.spots.push(kind, range.tagAt, range.start, range.end, keyStart, keyEnd, keyClass, itemAt);
}

/** Notes a message with many members, or many bytes of them; `crowd` is one of CROWD. */
export function noteCrowd(walk: Walk, crowd: number, range: { start: number; end: number }): void {
  const { itemAt, keyEnd, keyStart } = walk;
  walk.spots.push(SPOT.crowd, -1, range.start, range.end, keyStart, keyEnd, crowd, itemAt);
}

/** Judges an attribute's key, and notes where it is and of which class. */
export function walkKey(walk: Walk, interest: Interest, start: number, end: number): void {
  const keyClass = keyClassOf(interest.keys, walk.bytes, start, end);
  if (keyClass < 0) refuse(walk, CAUSE.notUtf8);
  // Readers take the last one, and whoever looks at the first one would be deceived.
  if (walk.keyStart >= 0) refuse(walk, CAUSE.twice);
  walk.keyStart = start;
  walk.keyEnd = end;
  walk.keyClass = keyClass;
}

const MIN_SCANNED_BYTES = 5;

/** Judges the text of a field and looks through it. */
export function walkText(walk: Walk, tagAt: number, end: number): void {
  const { bytes, interest, at } = walk;
  if (interest === null || end - at < MIN_SCANNED_BYTES) {
    if (!isUtf8Range(bytes, at, end)) refuse(walk, CAUSE.notUtf8);
    return;
  }
  const { keys, maxValueBytes, scan } = interest;
  const isLong = end - at > maxValueBytes;
  const isValue = walk.keyStart >= 0 && !isLong;
  if (isValue && isClean(keys, bytes, at, end)) return;
  const isSpot = isLong || scan.isSpot(bytes, at, end);
  if (isSpot && walk.keyClass !== 1) noteSpot(walk, SPOT.text, { tagAt, start: at, end });
  if (!isLong && !scan.sawHigh) {
    if (isValue && !isSpot) noteClean(keys, bytes, at, end);
  } else if (!isUtf8Range(bytes, at, end)) refuse(walk, CAUSE.notUtf8);
}

/** Judges the name of an event, looks through it, and notes it when it has a class of its own. */
export function walkEventName(walk: Walk, range: { tagAt: number; start: number; end: number }): void {
  walkText(walk, range.tagAt, range.end);
  const { interest } = walk;
  if (interest === null) return;
  const eventClass = keyClassOf(interest.events, walk.bytes, range.start, range.end);
  if (eventClass < 2) return;
  walk.spots.push(SPOT.event, range.tagAt, range.start, range.end, -1, -1, eventClass, walk.itemAt);
}

/** Bytes may be text all the same. */
export function walkBytesValue(walk: Walk, range: { tagAt: number; start: number; end: number }): void {
  const { bytes, interest, keyClass } = walk;
  if (interest === null || keyClass === 1) return;
  const isLong = range.end - range.start > interest.maxValueBytes;
  if (isLong || interest.scan.isSpot(bytes, range.start, range.end)) noteSpot(walk, SPOT.bytes, range);
}
