/**
 * Protobuf under construction. The length in front of a nested message is known only when the message has ended,
 * so a slot of 5 bytes is left for it; `protoBytes` closes the gaps in one pass, so that cost stays linear however
 * deep messages nest.
 */
export interface ProtoOut {
  bytes: Uint8Array;
  at: number;
  /** Where each slot is, ascending, and the length that belongs there. */
  slots: number[];
  lengths: number[];
  /** Bytes that the slots closed so far will give back. */
  slack: number;
}

/** An open slot. */
export interface OpenSlot {
  index: number;
  slack: number;
}

const SLOT_BYTES = 5;

export function createProtoOut(capacityBytes: number): ProtoOut {
  return { bytes: new Uint8Array(Math.max(64, capacityBytes)), at: 0, slots: [], lengths: [], slack: 0 };
}

export function reserveBytes(out: ProtoOut, more: number): void {
  const needed = out.at + more;
  if (needed <= out.bytes.length) return;
  const grown = new Uint8Array(Math.max(needed, out.bytes.length * 2));
  grown.set(out.bytes.subarray(0, out.at));
  out.bytes = grown;
}

/** Writes an unsigned varint below 2^53. */
export function writeVarint(out: ProtoOut, value: number): void {
  reserveBytes(out, 10);
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out.bytes[out.at++] = (rest % 128) | 0x80;
  out.bytes[out.at++] = rest;
}

/** Writes a varint of two unsigned 32-bit halves. */
export function writeVarint64(out: ProtoOut, lo: number, hi: number): void {
  reserveBytes(out, 10);
  let low = lo;
  let high = hi;
  while (high !== 0 || low >= 0x80) {
    out.bytes[out.at++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  out.bytes[out.at++] = low;
}

export function writeFixed32(out: ProtoOut, value: number): void {
  reserveBytes(out, 4);
  for (let shift = 0; shift < 32; shift += 8) out.bytes[out.at++] = (value >>> shift) & 0xff;
}

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

export function writeFixedDouble(out: ProtoOut, value: number): void {
  reserveBytes(out, 8);
  scratch[0] = value;
  for (let i = 0; i < 8; i++) out.bytes[out.at++] = scratchBytes[i]!;
}

/** From this length a copy by the engine is faster than a loop, although it needs a view of its own. */
const NATIVE_FROM_BYTES = 96;

/** Writes the length of `content.bytes[start, end)` and then those bytes. */
export function writeLengthDelimited(out: ProtoOut, content: Range): void {
  const { bytes, start, end } = content;
  writeVarint(out, end - start);
  reserveBytes(out, end - start);
  const target = out.bytes;
  if (end - start >= NATIVE_FROM_BYTES) target.set(bytes.subarray(start, end), out.at);
  else for (let at = start, to = out.at; at < end; ) target[to++] = bytes[at++]!;
  out.at += end - start;
}

export interface Range {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** Leaves room for a length; every open slot must be closed, the last opened first. */
export function openSlot(out: ProtoOut): OpenSlot {
  reserveBytes(out, SLOT_BYTES);
  out.slots.push(out.at);
  out.lengths.push(0);
  out.at += SLOT_BYTES;
  return { index: out.slots.length - 1, slack: out.slack };
}

function varintBytes(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 128)) size++;
  return size;
}

export function closeSlot(out: ProtoOut, slot: OpenSlot): void {
  const content = out.at - out.slots[slot.index]! - SLOT_BYTES;
  const length = content - (out.slack - slot.slack);
  out.lengths[slot.index] = length;
  out.slack += SLOT_BYTES - varintBytes(length);
}

function move(bytes: Uint8Array, to: number, from: number, end: number): void {
  if (end - from > 64) bytes.copyWithin(to, from, end);
  else for (let at = from, target = to; at < end; ) bytes[target++] = bytes[at++]!;
}

/** The finished message, without gaps. Nothing may be written afterwards. */
export function protoBytes(out: ProtoOut): Uint8Array {
  const { bytes, slots, lengths } = out;
  let from = slots[0] ?? out.at;
  let to = from;
  for (let i = 0; i < slots.length; i++) {
    let rest = lengths[i]!;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes[to++] = (rest % 128) | 0x80;
    bytes[to++] = rest;
    from = slots[i]! + SLOT_BYTES;
    const end = slots[i + 1] ?? out.at;
    move(bytes, to, from, end);
    to += end - from;
  }
  return bytes.slice(0, to);
}
