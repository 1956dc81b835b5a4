import { setTimeout as sleep } from 'node:timers/promises';
import type { Position, RecordRef, RecordScanner, SourceEvent } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import { isMissing, type JournalFile, type JournalFileSystem } from './file-system.ts';
import { seedOf } from './record.ts';
import type { JournalView } from './segments.ts';
import { type FoundRecord, type SegmentWalk, walkSegment } from './walk-segment.ts';

/** A removed segment may be seen missing before it is told: news from the journal's thread take this long at most. */
export const NEWS_MS = 200;

interface ScannerDeps {
  signal: Signal;
  fs: JournalFileSystem;
  view(): JournalView;
}

interface OpenSegment {
  first: number;
  file: JournalFile;
  walk: SegmentWalk;
}

/**
 * Reads headers in order from `from` up to the durable tail. Holes are told by the counts that every record and
 * segment carries: what was removed in front is expired, what is missing between others is damaged.
 */
export function createScanner(from: Position, deps: ScannerDeps): RecordScanner {
  let at = from;
  let open: OpenSegment | null = null;
  // A record found beyond what may be read yet, or behind a hole that is told first.
  let ahead: FoundRecord | null = null;

  async function leave(): Promise<void> {
    const left = open;
    open = null;
    ahead = null;
    await left?.file.close().catch(() => undefined);
  }

  function gapTo(next: Position, reason: 'expired' | 'damaged'): SourceEvent {
    const items = next.itemsBefore - at.itemsBefore;
    at = next;
    return { kind: 'gap', reason, items, next: next.sequence, itemsBefore: next.itemsBefore };
  }

  /** Opens the segment that should hold `at`; false when it cannot be read. */
  async function enter(segment: { start: Position; path: string }): Promise<boolean> {
    if (open?.first === segment.start.sequence) return true;
    await leave();
    try {
      const file = await deps.fs.open(segment.path, 'read');
      const journal = { seed: seedOf(deps.view().journalId), signal: deps.signal };
      open = { first: segment.start.sequence, file, walk: walkSegment(file, journal) };
      return true;
    } catch (error) {
      if (isMissing(error as Error)) return false;
      throw error;
    }
  }

  /** The next record of the open segment that is at or behind `at` and before `end`; null when there is none. */
  async function find(end: Position): Promise<FoundRecord | null> {
    for (;;) {
      ahead ??= await open!.walk.next();
      if (ahead === null || ahead.header.sequence >= end.sequence) return null;
      if (ahead.header.sequence >= at.sequence && ahead.header.itemsBefore >= at.itemsBefore) return ahead;
      ahead = null;
    }
  }

  function take({ header, offset }: FoundRecord): SourceEvent {
    const { checksum: _checksum, tenantBytes: _tenantBytes, ...info } = header;
    const ref: RecordRef = { ...info, segment: open!.first, offset };
    ahead = null;
    at = { sequence: header.sequence + 1, itemsBefore: header.itemsBefore + header.items };
    return { kind: 'record', ref };
  }

  async function step(): Promise<SourceEvent | null> {
    const { segments, tail } = deps.view();
    if (at.sequence >= tail.sequence) {
      // An open file keeps its bytes on disk after the segment was removed.
      if (open !== null && open.first !== segments.at(-1)!.start.sequence) await leave();
      return null;
    }
    const oldest = segments[0]!;
    if (at.sequence < oldest.start.sequence) return gapTo(oldest.start, 'expired');
    const index = segments.findLastIndex(({ start }) => start.sequence <= at.sequence);
    const end = segments[index + 1]?.start ?? tail;
    const found = (await enter(segments[index]!)) ? await find(end) : null;
    if (found === null) return lost(end);
    if (found.header.sequence === at.sequence) return take(found);
    const { itemsBefore, sequence } = found.header;
    return gapTo({ sequence, itemsBefore }, 'damaged');
  }

  /** Nothing readable is left up to `end`; a segment that a cap removed meanwhile is no damage. */
  async function lost(end: Position): Promise<SourceEvent> {
    await leave();
    if (at.sequence >= deps.view().segments[0]!.start.sequence) await sleep(NEWS_MS);
    const oldest = deps.view().segments[0]!.start;
    if (at.sequence < oldest.sequence) return gapTo(oldest, 'expired');
    return gapTo(end, 'damaged');
  }

  return {
    read: (max) => readUpTo(max, step),
    position: () => at,
    close: leave,
  };
}

async function readUpTo(max: number, step: () => Promise<SourceEvent | null>): Promise<SourceEvent[]> {
  const events: SourceEvent[] = [];
  while (events.length < max) {
    const event = await step();
    if (event === null) break;
    events.push(event);
  }
  return events;
}
