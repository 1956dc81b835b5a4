import type { KeyClasses } from './key-classes.ts';

/** What a pass over a request is to note as spots, see `Spots`. */
export interface Interest {
  /** Class of an attribute's key: 0 nothing special, 1 its texts are not looked at, from 2 on `keyed` spots. */
  keys: KeyClasses;
  /** Class of the name of an event; from 2 on `event` spots. */
  events: KeyClasses;
  /** Whether a text is to be a spot. Must not throw. `sawHigh` of the answer tells whether it has non-ASCII bytes. */
  scan: TextScan;
  /** Texts, and values as a whole, above this are spots. */
  maxValueBytes: number;
  /** Values nested deeper than this are spots; below the limit of the check itself. */
  maxDepth: number;
  /** Most members, and most bytes, of a message by CROWD; more make a spot. */
  maxMembers: readonly number[];
  maxMessageBytes: readonly number[];
  /** Times whose upper 32 bits are outside are spots; zero is unknown and none. */
  minTimeHigh: number;
  maxTimeHigh: number;
  /** Integers whose varint has at least so many bytes are spots; 11 for none. */
  minIntegerBytes: number;
}

/** Looks through one text; sets `sawHigh` when it met a byte above 0x7f, or stopped before its end. */
export interface TextScan {
  sawHigh: boolean;
  isSpot(bytes: Uint8Array, start: number, end: number): boolean;
}
