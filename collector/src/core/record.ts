import type { Source } from './payload.ts';
import type { Signal } from './signal.ts';

/** How a record's payload is stored and travels: as it was received. */
export type ContentEncoding = 'identity' | 'gzip';

/** What the journal knows of one accepted request without looking into its payload. */
export interface RecordInfo {
  signal: Signal;
  /** Position in the signal's journal, from 1, without holes but where records were lost. */
  sequence: number;
  /** Items of all records before this one since the journal began. */
  itemsBefore: number;
  /** Spans, log records or metric data points. */
  items: number;
  /** Whose data it is; '' when senders are not told apart. Chooses route and limits, not who may read. */
  tenant: string;
  encoding: ContentEncoding;
  source: Source;
  /** Bytes of the payload as stored, and as identity. */
  storedBytes: number;
  uncompressedBytes: number;
  /** When the collector received it, nanoseconds since 1970 UTC. */
  receivedUnixNano: bigint;
  /** Range of the times that its items carry, milliseconds since 1970 UTC; 0 and 0 when they carry none. */
  minTimeUnixMs: number;
  maxTimeUnixMs: number;
  /** Bytes of its largest item: an upper bound for any line or value in it. */
  longestItemBytes: number;
}

/** A record and where its payload lies. */
export interface RecordRef extends RecordInfo {
  /** First sequence of the segment that holds it, and the offset of its header there. */
  segment: number;
  offset: number;
}

/** Why records are not there any more: a cap removed them, or their bytes on disk are damaged. */
export type GapReason = 'expired' | 'damaged';

/** What comes next in a journal: a record, or a hole where `items` items in records before `next` were lost. */
export type SourceEvent =
  | { kind: 'record'; ref: RecordRef }
  | { kind: 'gap'; reason: GapReason; items: number; next: number; itemsBefore: number };

/** A place between two records: the sequence of the next one and the items of all before it. */
export interface Position {
  sequence: number;
  itemsBefore: number;
}

/** Reads a journal in order, headers only. */
export interface RecordScanner {
  /** Up to `max` events in order; empty when all that is durable has been read. */
  read(max: number): Promise<SourceEvent[]>;
  /** What the next read begins with. */
  position(): Position;
  close(): Promise<void>;
}

/** One signal's journal as destinations see it. Only durable records appear. */
export interface RecordSource {
  readonly signal: Signal;
  /** Changes only when the journal's folder was lost: positions of another journal mean nothing here. */
  readonly journalId: string;
  /** The oldest record that is kept; equal to `tail()` when none is. */
  oldest(): Position;
  /** Behind the newest durable record. */
  tail(): Position;
  /** Starts at `from`; what no longer exists there comes as a gap first. */
  scan(from: Position): RecordScanner;
  /** The payload as stored, its checksum verified. */
  load(ref: RecordRef): Promise<Uint8Array | GapReason>;
  /** Calls `listener` after records became durable; returns how to stop that. */
  onAppend(listener: () => void): () => void;
}
