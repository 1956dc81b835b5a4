import { join } from 'node:path';
import { OperatorError } from '#core/errors.ts';
import type { Position } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import type { JournalFile, JournalFileSystem } from './file-system.ts';
import { recordBytes, seedOf } from './record.ts';
import {
  decodeSegmentHeader,
  FORMAT_VERSION,
  parseSegmentName,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';
import type { Segment } from './segments.ts';
import { walkSegment } from './walk-segment.ts';

/** What a journal's folder held when it was opened. */
export interface Recovered {
  /** null when there was no segment. */
  journalId: string | null;
  segments: Segment[];
  /** Behind the newest whole record. */
  tail: Position;
  /** Bytes of a write that the last end of the process cut off; they were never acknowledged. */
  tornBytes: number;
}

interface Named {
  name: string;
  path: string;
  first: number;
  journalId: string;
}

const UNKNOWN_MS = -1;
const START: Position = { sequence: 1, itemsBefore: 0 };

/**
 * Reads the folder of one signal's journal. Only the newest segment is walked: behind its last record that is there
 * in full it is cut, and what is left is synced, since it may not have been when the process ended. Payloads, and
 * the records of older segments, are verified when a destination gets there. Throws OperatorError when a newer
 * Signalbox wrote it.
 */
export async function recover(folder: string, signal: Signal, fs: JournalFileSystem): Promise<Recovered> {
  const files = await listSegments(folder, fs);
  let tornBytes = 0;
  while (files.length > 0 && !(await isReadable(files.at(-1)!, signal, fs))) {
    tornBytes += await setAside(files.pop()!, fs);
  }
  const newest = files.at(-1);
  if (newest === undefined) return { journalId: null, segments: [], tail: START, tornBytes };
  const { journalId } = newest;
  const segments: Segment[] = [];
  let tail = START;
  for (const file of files) {
    // Another journal's files were put here by somebody; they are left alone.
    if (file.journalId !== journalId) continue;
    const opened = await openSegment(file, { fs, signal, isNewest: file === newest, before: tail });
    segments.push(opened.segment);
    tail = opened.end;
    tornBytes += opened.tornBytes;
  }
  setTimes(segments);
  return { journalId, segments, tail, tornBytes };
}

async function listSegments(folder: string, fs: JournalFileSystem): Promise<Named[]> {
  return (await fs.list(folder)).flatMap((name) => {
    const parsed = parseSegmentName(name);
    return parsed === null ? [] : [{ name, path: join(folder, name), ...parsed }];
  });
}

/** The next segment was made when the newest record of one was written; damaged headers are as old as their neighbours. */
function setTimes(segments: Segment[]): void {
  let nextMs = segments.findLast(({ createdMs }) => createdMs !== UNKNOWN_MS)?.createdMs ?? Date.now();
  for (const segment of segments.toReversed()) {
    segment.newestMs = nextMs;
    if (segment.createdMs === UNKNOWN_MS) segment.createdMs = nextMs;
    nextMs = segment.createdMs;
  }
}

/** Whether the newest segment says, by its header or a record, where the journal is. */
async function isReadable(named: Named, signal: Signal, fs: JournalFileSystem): Promise<boolean> {
  const file = await fs.open(named.path, 'read');
  try {
    if ((await readHeader(file)) !== null) return true;
    const walk = walkSegment(file, { seed: seedOf(named.journalId), signal }, 0);
    return (await walk.next()) !== null;
  } finally {
    await file.close();
  }
}

/** Keeps what cannot be read under a name that says so; answers how many bytes that are. */
async function setAside({ path }: Named, fs: JournalFileSystem): Promise<number> {
  const file = await fs.open(path, 'read');
  const bytes = await file.size();
  await file.close();
  await fs.rename(path, `${path}.unreadable`);
  return bytes;
}

interface OpenContext {
  fs: JournalFileSystem;
  signal: Signal;
  isNewest: boolean;
  /** Where the segment before this one ends, as far as is known. */
  before: Position;
}

interface OpenedSegment {
  segment: Segment;
  end: Position;
  tornBytes: number;
}

async function openSegment(named: Named, context: OpenContext): Promise<OpenedSegment> {
  const file = await context.fs.open(named.path, context.isNewest ? 'write' : 'read');
  try {
    const header = await readHeader(file);
    if (header !== null && header.version > FORMAT_VERSION) throw newerFormat(named.path, header.version);
    const start = header?.start ?? (await startByRecords(file, named, context));
    const scanned = context.isNewest
      ? await settleEnd(file, { named, start, signal: context.signal })
      : { end: start, bytes: await file.size(), tornBytes: 0 };
    const createdMs = header?.createdMs ?? UNKNOWN_MS;
    const { bytes, end, tornBytes } = scanned;
    const segment = { start, path: named.path, bytes, createdMs, newestMs: createdMs };
    return { segment, end, tornBytes };
  } finally {
    await file.close();
  }
}

async function readHeader(file: JournalFile): Promise<SegmentHeader | null> {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  const filled = await file.read(bytes, 0);
  return decodeSegmentHeader(bytes.subarray(0, filled));
}

/** Where a segment with a damaged header begins: its name has the sequence, its first good record the count. */
async function startByRecords(file: JournalFile, named: Named, context: OpenContext): Promise<Position> {
  const walk = walkSegment(file, { seed: seedOf(named.journalId), signal: context.signal }, 0);
  const first = await walk.next();
  const itemsBefore = first?.header.itemsBefore ?? context.before.itemsBefore;
  return { sequence: named.first, itemsBefore: Math.max(itemsBefore, context.before.itemsBefore) };
}

interface End {
  end: Position;
  bytes: number;
  tornBytes: number;
}

async function settleEnd(
  file: JournalFile,
  { named, start, signal }: { named: Named; start: Position; signal: Signal },
): Promise<End> {
  const size = await file.size();
  const walk = walkSegment(file, { seed: seedOf(named.journalId), signal });
  const result: End = {
    end: start,
    bytes: Math.min(size, SEGMENT_HEADER_BYTES),
    tornBytes: 0,
  };
  for (let found = await walk.next(); found !== null; found = await walk.next()) {
    const end = found.offset + recordBytes(found.header);
    if (found.header.sequence < result.end.sequence || end > size) continue;
    const { itemsBefore, items, sequence } = found.header;
    result.end = { sequence: sequence + 1, itemsBefore: itemsBefore + items };
    result.bytes = end;
  }
  result.tornBytes = size - result.bytes;
  if (result.tornBytes > 0) await file.truncate(result.bytes);
  await file.sync();
  return result;
}

function newerFormat(path: string, version: number): OperatorError {
  return new OperatorError(
    `${path} has format version ${version}, this program knows up to ${FORMAT_VERSION}. ` +
      'Start the newer Signalbox that wrote it, or move the folder of the journal away.',
  );
}
