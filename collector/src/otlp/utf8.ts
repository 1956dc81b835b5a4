import { isUtf8 } from 'node:buffer';

/** From this length the native check is faster than a loop, although it needs a view of its own. */
const NATIVE_FROM_BYTES = 160;

/** Whether `bytes[start, end)` is well-formed UTF-8 (RFC 3629: no surrogates, nothing overlong or above U+10FFFF). */
export function isUtf8Range(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start >= NATIVE_FROM_BYTES) return isUtf8(bytes.subarray(start, end));
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x80) return isMultiByte(bytes, at, end);
  }
  return true;
}

/** Length of the sequence a lead byte starts, 0 when no sequence can start with it. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

function isMultiByte(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const length = utf8SequenceAt(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** Bytes of the well-formed UTF-8 sequence at `at`, or 0 when there is none. */
export function utf8SequenceAt(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  const length = sequenceLength(lead);
  if (length < 2) return length;
  if (at + length > end) return 0;
  const second = bytes[at + 1]!;
  // RFC 3629 section 4: four lead bytes narrow the range of the byte after them.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let more = 2; more < length; more++) {
    if ((bytes[at + more]! & 0xc0) !== 0x80) return 0;
  }
  return length;
}
