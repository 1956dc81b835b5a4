import { createCursor, readUint32, skipField } from './wire.ts';

/**
 * One change of a checked protobuf message: `bytes` in place of the range from `start` to `end`. The range is the
 * whole content of a length-delimited field, or a run of whole fields of one message (from the first one's tag to the
 * last one's end), or empty where `bytes`, whole fields too, go in before the field whose tag is at `start`.
 */
export interface Edit {
  start: number;
  end: number;
  bytes: Uint8Array;
}

interface Plan {
  bytes: Uint8Array;
  edits: readonly Edit[];
  next: number;
  pieces: Edit[];
}

const NOTHING = new Uint8Array(0);

/** Fields without content, to cut a run of fields. */
export function cut(start: number, end: number): Edit {
  return { start, end, bytes: NOTHING };
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Takes over the edits that begin before `end`, in the message from `start` on; answers by how much it grows. */
function planMessage(work: Plan, start: number, end: number): number {
  const cursor = createCursor();
  cursor.at = start;
  let grown = 0;
  while (work.next < work.edits.length && work.edits[work.next]!.start < end) {
    const edit = work.edits[work.next]!;
    if (edit.start === cursor.at) {
      work.pieces.push(edit);
      work.next++;
      grown += edit.bytes.length - (edit.end - edit.start);
      cursor.at = edit.end;
      continue;
    }
    const tag = readUint32(work.bytes, cursor);
    const lengthAt = cursor.at;
    skipField(work.bytes, cursor, tag);
    if (edit.start < cursor.at) grown += planField(work, lengthAt, cursor.at);
  }
  return grown;
}

function planField(work: Plan, lengthAt: number, end: number): number {
  const cursor = createCursor();
  cursor.at = lengthAt;
  const length = readUint32(work.bytes, cursor);
  const piece: Edit = { start: lengthAt, end: cursor.at, bytes: NOTHING };
  work.pieces.push(piece);
  const inside = planMessage(work, cursor.at, end);
  piece.bytes = varintBytes(length + inside);
  return inside + piece.bytes.length - (piece.end - piece.start);
}

/** Sorts by place; what lies inside a larger range goes with it, but what goes in before it stays. */
function outermost(edits: readonly Edit[]): Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || insertsFirst(a, b) || b.end - a.end);
  const kept: Edit[] = [];
  let reach = -1;
  for (const edit of sorted) {
    if (edit.start < reach) continue;
    kept.push(edit);
    reach = Math.max(reach, edit.end);
  }
  return kept;
}

function insertsFirst(a: Edit, b: Edit): number {
  return Number(b.start === b.end) - Number(a.start === a.end);
}

/**
 * A copy of a checked message with `edits`, in any order and at any depth; the lengths of the messages around them are
 * written anew and all else is kept as it is. An edit inside the range of another goes with it; ranges that cross
 * are a fault of the caller. Linear in the bytes.
 */
export function rewrite(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const work: Plan = { bytes, edits: outermost(edits), next: 0, pieces: [] };
  const result = new Uint8Array(bytes.length + planMessage(work, 0, bytes.length));
  let from = 0;
  let to = 0;
  for (const piece of work.pieces) {
    result.set(bytes.subarray(from, piece.start), to);
    to += piece.start - from;
    result.set(piece.bytes, to);
    to += piece.bytes.length;
    from = piece.end;
  }
  result.set(bytes.subarray(from), to);
  return result;
}

/** A copy without the fields at `cuts`: pairs of offsets from a field's tag to its end, at any depth. */
export function splice(bytes: Uint8Array, cuts: readonly number[]): Uint8Array {
  const edits: Edit[] = [];
  for (let i = 0; i < cuts.length; i += 2) edits.push(cut(cuts[i]!, cuts[i + 1]!));
  return rewrite(bytes, edits);
}
