import { type KeyValueRange, readKeyValue } from '#otlp/any-value.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { countLimit, type LimitCounts, type Limited } from './counts.ts';
import { varintField } from './fields.ts';
import { ROLE, type Shape } from './shapes.ts';

interface Range {
  start: number;
  end: number;
}

interface Field extends Range {
  tagAt: number;
  tag: number;
}

/** Unknown fields that stay in a message over a limit. */
const MAX_UNKNOWN = 64;
const MAX_UINT32 = 2 ** 32 - 1;
/** What a value may have around it. */
const AROUND_VALUE_BYTES = 512;
const NOTHING = new Uint8Array(0);

const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

interface Work {
  bytes: Uint8Array;
  shape: Shape;
  mostValueBytes: number;
  /** By member: kept so far, cut so far, and how many its sender dropped. */
  kept: number[];
  cut: number[];
  dropped: number[];
  keptBytes: number;
  unknown: number;
  /** Where each single field comes last, by tag: the one that counts. */
  lastAt: Float64Array;
  /** Protected keys met, a bit each. */
  met: number;
  edits: Edit[];
  /** What goes together; `carried` are pairs of offsets of what stays of it. */
  run: { start: number; end: number; carried: number[] } | null;
  counts: LimitCounts;
}

function forEachField(bytes: Uint8Array, range: Range, visit: (field: Field) => void): void {
  const cursor = createCursor();
  const field: Field = { tagAt: 0, tag: 0, start: 0, end: 0 };
  cursor.at = range.start;
  while (cursor.at < range.end) {
    field.tagAt = cursor.at;
    field.tag = readUint32(bytes, cursor);
    field.start = cursor.at;
    if ((field.tag & 7) === 2) {
      const length = readUint32(bytes, cursor);
      field.start = cursor.at;
      cursor.at += length;
    } else skipField(bytes, cursor, field.tag);
    field.end = cursor.at;
    visit(field);
  }
}

const roleOf = (shape: Shape, tag: number) => (tag < 256 ? shape.roles[tag]! : ROLE.unknown);

/** Bytes of a member once the values in it have been cut. */
function bytesOf(work: Work, field: Field, isAttribute: boolean): number {
  const most = work.mostValueBytes + AROUND_VALUE_BYTES;
  const size = field.end - field.tagAt;
  if (size <= most) return size;
  if (isAttribute) {
    readKeyValue(work.bytes, range, field.start, field.end);
    return size - Math.max(0, range.valueEnd - range.valueStart - most);
  }
  let total = field.start - field.tagAt;
  forEachField(work.bytes, field, (part) => {
    total += Math.min(part.end - part.tagAt, most);
  });
  return total;
}

/** Whether anything is over a limit; notes where single fields come last and what senders dropped. */
function isOver(work: Work, message: Range): boolean {
  const { shape } = work;
  const found = shape.members.map(() => 0);
  let total = 0;
  forEachField(work.bytes, message, (field) => {
    const role = roleOf(shape, field.tag);
    if (role === ROLE.single) work.lastAt[field.tag] = field.tagAt;
    else if (role >= ROLE.dropped) {
      const cursor = createCursor();
      cursor.at = field.start;
      work.dropped[role - ROLE.dropped] = readUint32(work.bytes, cursor);
    } else if (role >= ROLE.member) {
      found[role - ROLE.member]!++;
      total += bytesOf(work, field, shape.members[role - ROLE.member]!.isAttributes);
    }
  });
  return total > shape.mostBytes || shape.members.some(({ most }, index) => found[index]! > most);
}

/** True for the first attribute of each protected key. */
function isProtected(work: Work, field: Field): boolean {
  const { bytes, shape } = work;
  readKeyValue(bytes, range, field.start, field.end);
  const length = range.end - range.start;
  const index = shape.protectedKeys.findIndex(
    (key) => key.length === length && key.every((byte, at) => bytes[range.start + at] === byte),
  );
  if (index < 0 || (work.met & (1 << index)) !== 0) return false;
  work.met |= 1 << index;
  return true;
}

function keepsMember(work: Work, field: Field, index: number): boolean {
  const member = work.shape.members[index]!;
  if (member.isAttributes && isProtected(work, field)) return true;
  const size = bytesOf(work, field, member.isAttributes);
  const isFull = work.kept[index]! >= member.most;
  if (!isFull && work.keptBytes + size <= work.shape.mostBytes) {
    work.kept[index]!++;
    work.keptBytes += size;
    return true;
  }
  work.cut[index]!++;
  countLimit(work.counts, isFull ? member.limit : 'bytes', 1);
  return false;
}

function keeps(work: Work, field: Field): boolean {
  const role = roleOf(work.shape, field.tag);
  if (role === ROLE.unknown) return ++work.unknown <= MAX_UNKNOWN;
  // Of a field that may come once the last counts; each one kept would be one more edit.
  if (role === ROLE.single) return work.lastAt[field.tag] === field.tagAt;
  if (role === ROLE.numbers) return true;
  return role < ROLE.dropped && keepsMember(work, field, role - ROLE.member);
}

function closeRun(work: Work): void {
  const { bytes, run } = work;
  if (run === null) return;
  const { carried, end, start } = run;
  work.run = null;
  let size = 0;
  for (let at = 0; at < carried.length; at += 2) size += carried[at + 1]! - carried[at]!;
  const result = size === 0 ? NOTHING : new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < carried.length; at += 2) {
    result.set(bytes.subarray(carried[at]!, carried[at + 1]!), to);
    to += carried[at + 1]! - carried[at]!;
  }
  work.edits.push({ start, end, bytes: result });
}

function visit(work: Work, field: Field): void {
  const { run } = work;
  if (!keeps(work, field)) {
    if (run === null) work.run = { start: field.tagAt, end: field.end, carried: [] };
    else run.end = field.end;
  } else if (run !== null && roleOf(work.shape, field.tag) === ROLE.numbers) {
    // Nobody else changes numbers, so that a run may go on over them: fewer edits.
    run.carried.push(field.tagAt, field.end);
    run.end = field.end;
  } else closeRun(work);
}

/** How many were dropped, by the sender and now, in place of what said so before. */
function droppedFields(work: Work): Uint8Array {
  const fields = work.shape.members.map(({ droppedTag }, index) => {
    const total = Math.min(work.dropped[index]! + work.cut[index]!, MAX_UINT32);
    return droppedTag === 0 || total === 0 ? NOTHING : varintField(droppedTag, total);
  });
  return Buffer.concat(fields);
}

/**
 * Cuts the members of the message at `range` that are beyond their limit, the first stay, or have no room in the
 * bytes of all together; a resource keeps what names its service. `dropped_attributes_count` and the like are raised by
 * what was cut (trace, logs, resource and common.proto). At most one edit for each member, single or unknown field
 * that stays, so that memory does not follow the number of those that go. `mostValueBytes`: to which values are cut.
 */
export function memberEdits(
  bytes: Uint8Array,
  message: Range & { shape: Shape },
  mostValueBytes: number,
): Limited {
  const { shape } = message;
  const none = () => shape.members.map(() => 0);
  const work: Work = {
    bytes,
    shape,
    mostValueBytes,
    kept: none(),
    cut: none(),
    dropped: none(),
    keptBytes: 0,
    unknown: 0,
    lastAt: new Float64Array(256).fill(-1),
    met: 0,
    edits: [],
    run: null,
    counts: {},
  };
  if (!isOver(work, message)) return { edits: [], counts: {} };
  forEachField(bytes, message, (field) => visit(work, field));
  closeRun(work);
  if (work.cut.every((count) => count === 0)) return { edits: [], counts: {} };
  const last = work.edits.at(-1)!;
  last.bytes = Buffer.concat([last.bytes, droppedFields(work)]);
  return { edits: work.edits, counts: work.counts };
}
