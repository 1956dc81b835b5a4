import type { Position } from '#core/record.ts';

/** One segment file of a journal. */
export interface Segment {
  /** Of its first record; what the segment before it holds from there on was never acknowledged. */
  start: Position;
  path: string;
  bytes: number;
  /** When it was made, and when its newest record was appended: on the journal's own clock, see steady-clock.ts. */
  createdMs: number;
  newestMs: number;
}

/** What readers of a journal may rely on: plain data, so that it can be handed to another thread. */
export interface JournalView {
  journalId: string;
  /** Oldest first; never empty. */
  segments: { start: Position; path: string }[];
  /** Behind the newest durable record. */
  tail: Position;
}
