import { readResource } from '#otlp/resource.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { CONTENT_MODES, type ContentMode } from './config.ts';

const FIRST = 0x0a;

/** A resource group of a request, and the mode of its service. */
export interface Group {
  start: number;
  end: number;
  /** Asked for only where there is content. */
  mode(): ContentMode;
}

/** Around what is in no group. */
export const NO_GROUP: Group = { start: -1, end: -1, mode: () => 'metadata' };

interface Range {
  start: number;
  end: number;
}

/**
 * Finds the group around an offset, for offsets that never fall behind the group found last, so that all are found in
 * one pass over a checked request. Where none is, or `modeOf` gives no answer, the mode is `metadata`.
 */
export function createGroups(bytes: Uint8Array, modeOf: (service: string) => ContentMode) {
  const modeIn = (range: Range) => modeOfGroup(bytes, range, modeOf);
  let range: Range = { start: 0, end: 0 };
  let group = NO_GROUP;
  return (at: number): Group => {
    while (range.end <= at && range.end < bytes.length) range = firstField(bytes, range.end, bytes.length);
    if (at < range.start || at >= range.end) return NO_GROUP;
    if (group.start !== range.start) group = newGroup(range, modeIn);
    return group;
  };
}

function newGroup(range: Range, modeIn: (range: Range) => ContentMode): Group {
  let mode: ContentMode | undefined;
  return {
    ...range,
    mode: () => {
      mode ??= modeIn(range);
      return mode;
    },
  };
}

function modeOfGroup(bytes: Uint8Array, group: Range, modeOf: (service: string) => ContentMode): ContentMode {
  const resource = firstField(bytes, group.start, group.end);
  try {
    const mode = modeOf(readResource(bytes, resource.start, resource.end).serviceName);
    return CONTENT_MODES.includes(mode) ? mode : 'metadata';
  } catch {
    return 'metadata';
  }
}

/** The content of the first field of number 1; empty at the end when there is none. */
function firstField(bytes: Uint8Array, from: number, to: number): Range {
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
