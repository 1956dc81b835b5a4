import { readResource } from './resource.ts';
import { createCursor, readUint32, skipField } from './wire.ts';

const FIRST = 0x0a;
const MAX_CHARS = 128;

/**
 * The `service.name` of the resource group around the offset `at` of a request whose group there was found good;
 * `unknown_service` without one, at most 128 characters.
 */
export function serviceAt(bytes: Uint8Array, at: number): string {
  let group = fieldFrom(bytes, 0, bytes.length);
  while (group.end <= at) group = fieldFrom(bytes, group.end, bytes.length);
  const resource = fieldFrom(bytes, group.start, group.end);
  return bounded(readResource(bytes, resource.start, resource.end).serviceName);
}

/** The first field of number 1 between two offsets, which begin and end a field; empty at the end when there is none. */
function fieldFrom(bytes: Uint8Array, from: number, to: number): { start: number; end: number } {
  const cursor = createCursor();
  cursor.at = from;
  while (cursor.at < to) {
    const tag = readUint32(bytes, cursor);
    if (tag !== FIRST) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    return { start: cursor.at, end: cursor.at + length };
  }
  return { start: to, end: to };
}

/** A copy, since a slice would keep the whole text in memory, and whole characters. */
function bounded(text: string): string {
  return text.length <= MAX_CHARS ? text : Buffer.from(text.slice(0, MAX_CHARS)).toString();
}
