import { dirname, join } from 'node:path';
import type { Position } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import type { JournalFile, JournalFileSystem } from './file-system.ts';
import { encodeSegmentHeader, FORMAT_VERSION, SEGMENT_HEADER_BYTES, segmentName } from './segment-header.ts';
import type { Segment } from './segments.ts';

/** The segment that is appended to. */
export interface ActiveSegment {
  readonly segment: Segment;
  /** Writes at the end; with `sync` resolves when it is on disk. After it threw the segment is of no further use. */
  append(chunks: readonly Uint8Array[], bytes: number, sync: boolean): Promise<void>;
  sync(): Promise<void>;
  /** Cuts off what a failed write or sync left behind the last good group, if the disk lets it. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the segment that begins at `start`, its header and name on disk. */
export async function createSegment(
  fs: JournalFileSystem,
  at: { folder: string; signal: Signal; journalId: string; start: Position; nowMs: number },
): Promise<ActiveSegment> {
  // Somebody may have removed the folder of a running journal.
  await fs.makeFolder(at.folder);
  const path = join(at.folder, segmentName(at.start.sequence, at.journalId));
  const unfinished = `${path}.new`;
  const header = encodeSegmentHeader({
    version: FORMAT_VERSION,
    signal: at.signal,
    journalId: at.journalId,
    start: at.start,
    createdMs: at.nowMs,
  });
  let file: JournalFile | null = null;
  try {
    await fs.remove(unfinished);
    file = await fs.create(unfinished);
    await file.write([header], 0);
    await file.sync();
    // One of this name can only be of a try that failed: it holds nothing that was acknowledged, but until this
    // one is there it alone may say where the journal is.
    await fs.rename(unfinished, path);
    await fs.syncFolder(dirname(path));
  } catch (error) {
    await file?.close().catch(() => undefined);
    await fs.remove(unfinished).catch(() => undefined);
    throw error;
  }
  return activeSegment(file, {
    start: at.start,
    path,
    bytes: SEGMENT_HEADER_BYTES,
    createdMs: at.nowMs,
    newestMs: at.nowMs,
  });
}

function activeSegment(file: JournalFile, segment: Segment): ActiveSegment {
  return {
    segment,
    async append(chunks, bytes, sync) {
      await file.write(chunks, segment.bytes);
      if (sync) await file.sync();
      segment.bytes += bytes;
    },
    sync: () => file.sync(),
    cut: () => file.truncate(segment.bytes).catch(() => undefined),
    close: () => file.close().catch(() => undefined),
  };
}
