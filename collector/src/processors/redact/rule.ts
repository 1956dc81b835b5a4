/**
 * A piece of text that every match of a rule contains, so that all else is stepped over at one look for each byte.
 * ASCII. The others stand for the first digit of a run of at least two: `letter-digits` behind two letters, `digits` where
 * seven or more stand together in groups that are no IPv4 address, and no table of numbers, `table-digits` also there.
 */
export type Anchor =
  | {
      text: string;
      ignoreCase?: boolean;
      /** The byte before must not be a letter, digit or underscore. */
      startsWord?: boolean;
    }
  | 'digits'
  | 'letter-digits'
  | 'table-digits';

/** UTF-8 text of one value. A match lies in `bytes[from, end)`; `from` is where the last one ended. */
export interface TextRange {
  bytes: Uint8Array;
  from: number;
  end: number;
}

/** Absolute offsets of what must go; on boundaries of characters. */
export interface Found {
  start: number;
  end: number;
}

/**
 * One kind of secret or personal data, found by its bytes alone. Matching is linear: a rule looks a bounded way back
 * from its anchor, and either a bounded way ahead, or all that it looks at is part of the match, or it begins only at
 * the start of a word and ends with it.
 */
export interface Rule {
  /** Kebab-case; the word in configuration, replaced text, metrics and console. */
  name: string;
  /** What it finds, for people: `GitHub tokens`. */
  title: string;
  anchors: readonly Anchor[];
  /**
   * Whether the anchor that begins at `anchorAt` belongs to a match. Fills `found` when it does. May be called with
   * any anchor of the rule; must not throw on any bytes.
   */
  find(text: TextRange, anchorAt: number, found: Found): boolean;
}
