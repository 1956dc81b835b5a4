import type { RecordInfo } from '#core/record.ts';

/** What a destination refused for good, and why: items of one record, from `firstItem` on. */
export interface DeadLetter {
  journalId: string;
  /** Of the record, but `items`, sizes and encoding are those of what is kept. */
  info: RecordInfo;
  firstItem: number;
  reason: string;
}

/** Letters of one journal from a record on. */
export interface LettersFrom {
  journalId: string;
  sequence: number;
}

/** Letters that were removed to make room for a new one. */
export interface Evicted {
  letters: number;
  items: number;
}

/** Where one destination's dead letters of one signal are kept. */
export interface DeadLetters {
  /**
   * Resolves once it is on disk, with what had to go for it. The same record and range have the same name:
   * written twice is there once.
   */
  put(letter: DeadLetter, bytes: Uint8Array): Promise<Evicted>;
  /** Removes those that a crash left uncounted: their records are going to be sent again. */
  dropUncounted(from: LettersFrom, isCounted: (letter: DeadLetter) => boolean): Promise<void>;
  /** Tells whoever marks letters that somebody looks for them. */
  watch(): Promise<void>;
  /** Names of letters that are to be sent again, oldest record first, at most `max`. */
  marked(max: number): Promise<string[]>;
  /** null when it is gone or cannot be read. */
  read(name: string): Promise<DeadLetter | null>;
  /** Its uncompressed request. */
  load(name: string): Promise<Uint8Array | null>;
  /** Its description cannot be read: unmarks it and keeps it under a name that says so. */
  setAside(name: string): Promise<void>;
  /** It was sent again: removes it, unless it was put again meanwhile. */
  finish(name: string): Promise<void>;
}
