import { gzipSync } from 'node:zlib';
import type {
  ContentEncoding,
  GapReason,
  Position,
  RecordRef,
  RecordSource,
  SourceEvent,
} from '#core/record.ts';
import type { Signal } from '#core/signal.ts';

interface Kept {
  ref: RecordRef;
  payload: Uint8Array;
}

export interface NewRecord {
  /** Uncompressed. */
  payload: Uint8Array;
  items: number;
  tenant?: string;
  encoding?: ContentEncoding;
  receivedUnixNano?: bigint;
}

/** A journal without a disk, for tests. Its segments hold `segmentRecords` each. */
export interface MemorySource extends RecordSource {
  append(record: NewRecord): RecordRef;
  /** Removes whole segments at the front, as a cap does, until `sequence` is the oldest or in the oldest. */
  expireBefore(sequence: number): void;
  /** Makes a record's bytes, and its header if told so, unreadable. */
  damage(sequence: number, how?: { header: boolean }): void;
  /** Payloads that were read. */
  loads(): number;
  openScanners(): number;
}

export function createMemorySource(
  signal: Signal,
  { segmentRecords = 4, journalId = 'j1' } = {},
): MemorySource {
  const kept = new Map<number, Kept>();
  const noHeader = new Set<number>();
  const noBody = new Set<number>();
  const listeners = new Set<() => void>();
  let oldest: Position = { sequence: 1, itemsBefore: 0 };
  let tail: Position = { sequence: 1, itemsBefore: 0 };
  let loads = 0;
  let scanners = 0;

  function append({ payload, items, tenant = '', encoding = 'identity', receivedUnixNano = 1n }: NewRecord) {
    const stored = encoding === 'gzip' ? gzipSync(payload) : payload;
    const segment = tail.sequence - ((tail.sequence - 1) % segmentRecords);
    const ref: RecordRef = {
      signal,
      ...tail,
      items,
      tenant,
      encoding,
      source: 'otlp_http',
      storedBytes: stored.length,
      uncompressedBytes: payload.length,
      receivedUnixNano,
      minTimeUnixMs: 0,
      maxTimeUnixMs: 0,
      longestItemBytes: payload.length,
      segment,
      offset: tail.sequence,
    };
    kept.set(ref.sequence, { ref, payload: stored });
    tail = { sequence: tail.sequence + 1, itemsBefore: tail.itemsBefore + items };
    for (const listener of listeners) listener();
    return ref;
  }

  function eventAt(at: Position): SourceEvent {
    if (at.sequence < oldest.sequence) return gapTo(at, oldest, 'expired');
    if (!noHeader.has(at.sequence)) return { kind: 'record', ref: kept.get(at.sequence)!.ref };
    let next = at.sequence;
    while (noHeader.has(next)) next++;
    return gapTo(at, kept.get(next)?.ref ?? tail, 'damaged');
  }

  function gapTo(at: Position, to: Position, reason: GapReason): SourceEvent {
    const { sequence: next, itemsBefore } = to;
    return { kind: 'gap', reason, items: itemsBefore - at.itemsBefore, next, itemsBefore };
  }

  return {
    signal,
    journalId,
    append,
    oldest: () => oldest,
    tail: () => tail,
    expireBefore(sequence) {
      while (oldest.sequence + segmentRecords <= Math.min(sequence, tail.sequence)) {
        const next = oldest.sequence + segmentRecords;
        for (let at = oldest.sequence; at < next; at++) kept.delete(at);
        oldest = kept.get(next)?.ref ?? tail;
        oldest = { sequence: oldest.sequence, itemsBefore: oldest.itemsBefore };
      }
    },
    damage(sequence, how = { header: false }) {
      (how.header ? noHeader : noBody).add(sequence);
    },
    loads: () => loads,
    openScanners: () => scanners,
    scan(from) {
      let at = from;
      scanners++;
      return {
        async read(max) {
          await null;
          const events: SourceEvent[] = [];
          while (events.length < max && at.sequence < tail.sequence) {
            const event = eventAt(at);
            events.push(event);
            at =
              event.kind === 'gap'
                ? { sequence: event.next, itemsBefore: event.itemsBefore }
                : { sequence: at.sequence + 1, itemsBefore: at.itemsBefore + event.ref.items };
          }
          return events;
        },
        position: () => at,
        async close() {
          scanners--;
        },
      };
    },
    async load(ref) {
      await null;
      loads++;
      if (ref.sequence < oldest.sequence) return 'expired';
      if (noBody.has(ref.sequence) || noHeader.has(ref.sequence)) return 'damaged';
      return kept.get(ref.sequence)!.payload;
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
