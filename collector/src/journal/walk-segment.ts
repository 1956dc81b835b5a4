import type { Signal } from '#core/signal.ts';
import type { JournalFile } from './file-system.ts';
import {
  decodeHeader,
  MAX_TENANT_BYTES,
  RECORD_HEADER_BYTES,
  RECORD_MAGIC,
  type RecordHeader,
  recordBytes,
} from './record.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

export interface FoundRecord {
  header: RecordHeader;
  offset: number;
}

/** Steps from header to header through one segment file. */
export interface SegmentWalk {
  /** The next record whose header is intact; null when there is none up to the end of the file as it is now. */
  next(): Promise<FoundRecord | null>;
}

const WINDOW_BYTES = 128 * 1024;
const HEAD_BYTES = RECORD_HEADER_BYTES + MAX_TENANT_BYTES;

/** Walks `file`, passing over bytes that are no record: where one does not begin, the next is looked for. */
export function walkSegment(
  file: JournalFile,
  journal: { seed: number; signal: Signal },
  from = SEGMENT_HEADER_BYTES,
): SegmentWalk {
  const window = Buffer.allocUnsafe(WINDOW_BYTES);
  let windowAt = 0;
  let filled = 0;
  let at = from;

  /** Makes `length` bytes at `position` readable; answers how many of them there are. */
  async function ensure(position: number, length: number): Promise<number> {
    const inside = position >= windowAt ? windowAt + filled - position : 0;
    if (inside >= length) return length;
    windowAt = position;
    filled = await file.read(window, position);
    return Math.min(filled, length);
  }

  async function search(): Promise<FoundRecord | null> {
    for (;;) {
      const there = await ensure(at, HEAD_BYTES);
      if (there < RECORD_HEADER_BYTES) return null;
      const view = window.subarray(0, filled);
      const found = view.indexOf(RECORD_MAGIC, at - windowAt);
      if (found < 0) at = windowAt + filled - (RECORD_MAGIC.length - 1);
      else if (windowAt + found !== at) at = windowAt + found;
      else {
        const header = decodeHeader(view, found, journal);
        if (header !== null) return { header, offset: at };
        at++;
      }
    }
  }

  return {
    async next() {
      const found = await search();
      if (found !== null) at = found.offset + recordBytes(found.header);
      return found;
    },
  };
}
