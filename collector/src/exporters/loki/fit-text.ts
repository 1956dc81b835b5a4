import { writeAnyValue } from '#otlp/any-value.ts';
import { base64Text, createJsonOut, resetJson } from '#otlp/json-out.ts';
import { createKeySet } from '#otlp/key-set.ts';
import { doubleAt } from '#otlp/wire.ts';
import { doubleText, memberOf, VALUE } from './fit-value.ts';

const writer = { out: createJsonOut(), keys: createKeySet() };

/**
 * The AnyValue at `bytes[start, end)` as the text that is cut or moved: strings and bytes (base64) as Loki shows them,
 * all else as JSON in the forms of `any-value.ts`.
 */
export function textOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const found = memberOf(bytes, start, end);
  switch (found.tag) {
    case VALUE.none:
      return new Uint8Array(0);
    case VALUE.string:
      return bytes.subarray(found.start, found.end);
    case VALUE.bytes:
      return Buffer.from(base64Text(bytes, found.start, found.end));
    case VALUE.double:
      return Buffer.from(doubleText(doubleAt(bytes, found.start)));
    default:
      return jsonOf(bytes, start, end);
  }
}

/** The AnyValue at `bytes[start, end)` as JSON. */
export function jsonOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  resetJson(writer.out);
  writeAnyValue(writer, bytes, start, end);
  return Buffer.from(writer.out.buffer.subarray(0, writer.out.at));
}

/** What stands at the end of a text that was cut. */
export const cutMark = (bytes: number): string => ` [signalbox: ${bytes} bytes cut]`;

/** Where to cut so that at most `at` bytes are left and no character is cut in two. */
function boundary(text: Uint8Array, at: number): number {
  let end = Math.max(0, at);
  while (end > 0 && (text[end]! & 0xc0) === 0x80) end--;
  return end;
}

/** `text` when it is not longer than `maxBytes`, else its beginning and the mark, together at most that long. */
export function cutText(text: Uint8Array, maxBytes: number): Uint8Array {
  if (text.length <= maxBytes) return text;
  const kept = boundary(text, maxBytes - cutMark(text.length).length);
  return Buffer.concat([text.subarray(0, kept), Buffer.from(cutMark(text.length - kept))]);
}
