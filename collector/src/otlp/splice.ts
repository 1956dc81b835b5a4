import { createCursor, readUint32, skipField } from './wire.ts';

interface Edit {
  start: number;
  end: number;
  /** A new length to stand there; -1 when the range just goes. */
  length: number;
}

function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

interface Plan {
  bytes: Uint8Array;
  cuts: readonly number[];
  nextCut: number;
  edits: Edit[];
}

/** Collects the edits in one message and answers by how many bytes it becomes shorter. */
function plan(work: Plan, start: number, end: number): number {
  const cursor = createCursor();
  cursor.at = start;
  let saved = 0;
  while (work.nextCut < work.cuts.length && work.cuts[work.nextCut]! < end) {
    const tagAt = cursor.at;
    const cutAt = work.cuts[work.nextCut]!;
    const tag = readUint32(work.bytes, cursor);
    const lengthAt = cursor.at;
    skipField(work.bytes, cursor, tag);
    if (cutAt >= cursor.at) continue;
    if (cutAt === tagAt) {
      work.nextCut += 2;
      work.edits.push({ start: tagAt, end: cursor.at, length: -1 });
      saved += cursor.at - tagAt;
    } else saved += shrink(work, lengthAt, cursor.at);
  }
  return saved;
}

function shrink(work: Plan, lengthAt: number, end: number): number {
  const cursor = createCursor();
  cursor.at = lengthAt;
  const length = readUint32(work.bytes, cursor);
  const edit: Edit = { start: lengthAt, end: cursor.at, length: 0 };
  work.edits.push(edit);
  const inside = plan(work, cursor.at, end);
  edit.length = length - inside;
  return inside + (edit.end - edit.start) - varintSize(edit.length);
}

/**
 * A copy of a checked protobuf message without the fields at `cuts`: pairs of offsets from a field's tag to its
 * end, ascending, at any depth. The lengths of the messages around them are written anew; all else is kept as is.
 */
export function splice(bytes: Uint8Array, cuts: readonly number[]): Uint8Array {
  const work: Plan = { bytes, cuts, nextCut: 0, edits: [] };
  const result = new Uint8Array(bytes.length - plan(work, 0, bytes.length));
  let from = 0;
  let to = 0;
  for (const edit of work.edits) {
    result.set(bytes.subarray(from, edit.start), to);
    to += edit.start - from;
    from = edit.end;
    if (edit.length < 0) continue;
    let rest = edit.length;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) result[to++] = (rest & 0x7f) | 0x80;
    result[to++] = rest;
  }
  result.set(bytes.subarray(from), to);
  return result;
}
