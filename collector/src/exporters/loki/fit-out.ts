import {
  closeSlot,
  openSlot,
  type ProtoOut,
  reserveBytes,
  writeLengthDelimited,
  writeVarint,
} from '#otlp/proto-out.ts';
import type { Span } from './fit-fields.ts';

/** Copies `source[start, end)` as it is. */
export function copyRaw(out: ProtoOut, source: Uint8Array, { start, end }: Readonly<Span>): void {
  reserveBytes(out, end - start);
  out.bytes.set(source.subarray(start, end), out.at);
  out.at += end - start;
}

/** Writes a field of text or of a finished message. */
export function writeBytes(out: ProtoOut, tag: number, bytes: Uint8Array): void {
  writeVarint(out, tag);
  writeLengthDelimited(out, { bytes, start: 0, end: bytes.length });
}

/** Writes an AnyValue that is a string. */
export function writeText(out: ProtoOut, tag: number, text: Uint8Array): void {
  writeVarint(out, tag);
  const slot = openSlot(out);
  writeBytes(out, 0x0a, text);
  closeSlot(out, slot);
}

/** Writes an attribute whose value is a string. */
export function writeTextAttribute(
  out: ProtoOut,
  tag: number,
  attribute: { key: Uint8Array; text: Uint8Array },
): void {
  writeVarint(out, tag);
  const slot = openSlot(out);
  writeBytes(out, 0x0a, attribute.key);
  writeText(out, 0x12, attribute.text);
  closeSlot(out, slot);
}

const TRUE = Buffer.from([0x10, 0x01]);

/** Writes an attribute whose value is true. */
export function writeFlag(out: ProtoOut, tag: number, key: string): void {
  writeVarint(out, tag);
  const slot = openSlot(out);
  writeBytes(out, 0x0a, Buffer.from(key));
  writeBytes(out, 0x12, TRUE);
  closeSlot(out, slot);
}
