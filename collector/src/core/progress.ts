/** What became of the items that a destination has settled. Cumulative since its account began. */
export interface SettledCounts {
  /** The destination said yes. */
  delivered: number;
  /** The destination took the request and said that it left these items out (`partial_success`). */
  refused: number;
  /** Removed by the journal's age or size cap before the destination took them. */
  expired: number;
  /** Refused for good and kept in the dead-letter folder. */
  deadLettered: number;
  /** Lost to damaged bytes on disk. */
  damaged: number;
}

/** How far one destination is in one signal's journal; saved as a whole, so that it is true after any crash. */
export interface Progress {
  journalId: string;
  /** Every record before `sequence` is settled; `itemsBefore` is the journal's count there. */
  sequence: number;
  itemsBefore: number;
  /** The journal's count of items where this account began. */
  startItems: number;
  counts: SettledCounts;
  /** Tenants that are further than `sequence`, with their own next sequence. */
  tenants: Record<string, number>;
  /** Items settled behind `sequence` because of `tenants`; they are in `counts` already. */
  aheadItems: number;
}

/** Where a destination's progress is kept. */
export interface ProgressKeeper {
  /** null when there is none or it cannot be read: the destination then starts at the oldest record. */
  load(): Promise<Progress | null>;
  /** Resolves once it is saved; a crash before that costs duplicates, no data. */
  save(progress: Progress): Promise<void>;
}

export const NOTHING_SETTLED: Readonly<SettledCounts> = Object.freeze({
  delivered: 0,
  refused: 0,
  expired: 0,
  deadLettered: 0,
  damaged: 0,
});
