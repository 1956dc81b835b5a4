import { isUtf8Range } from './utf8.ts';
import { textAt } from './wire.ts';

const BUCKETS = 2048;
/** More keys in one bucket push each other out, so that nobody can make a lookup slow by choosing keys. */
const BUCKET_KEYS = 6;
const MAX_KEPT_BYTES = 128;
const MAX_CLEAN_BYTES = 64;
/** A key whose values always differ is only tried again now and then. */
const MAX_MISSES = 8;
const RETRY_MASK = 31;

interface Known {
  key: Uint8Array;
  keyClass: number;
  /** What followed it the last time: senders write the same keys in the same order. */
  next: Known | null;
  /** The last text under it that was ASCII and no spot; most keys have the same one over and over. */
  clean: Uint8Array | null;
  cleanLength: number;
  misses: number;
}

/** Classes of keys by their bytes; asks once for each, as long as it is remembered (about 12,000 keys). */
export interface KeyClasses {
  buckets: (Known[] | undefined)[];
  turn: number;
  last: Known;
  /** Negative: the class is the opposite number, for this time only. */
  classOf: (key: string) => number;
}

export function createKeyClasses(classOf: (key: string) => number): KeyClasses {
  return {
    buckets: new Array<Known[] | undefined>(BUCKETS).fill(undefined),
    turn: 0,
    last: known(new Uint8Array(0), 0),
    classOf,
  };
}

function bucketOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 4) return (length * 257 + (length > 0 ? bytes[start]! : 0)) % BUCKETS;
  const middle = bytes[start + (length >> 1)]!;
  return (length * 97 + bytes[end - 1]! * 61 + bytes[end - 3]! * 29 + middle * 7) % BUCKETS;
}

function known(key: Uint8Array, keyClass: number): Known {
  return { key, keyClass, next: null, clean: null, cleanLength: 0, misses: 0 };
}

/** Whether the text is the one that `noteClean` was told of last under the last key. */
export function isClean({ last }: KeyClasses, bytes: Uint8Array, start: number, end: number): boolean {
  const { clean, cleanLength } = last;
  if (clean === null || end - start !== cleanLength) return false;
  for (let i = 0; i < cleanLength; i++) if (clean[i] !== bytes[start + i]) return false;
  last.misses = 0;
  return true;
}

/** Remembers a text under the last key: it is ASCII, and no spot whatever its surroundings. */
export function noteClean({ last }: KeyClasses, bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (length > MAX_CLEAN_BYTES) return;
  if (++last.misses > MAX_MISSES && (last.misses & RETRY_MASK) !== 0) return;
  last.clean ??= new Uint8Array(MAX_CLEAN_BYTES);
  for (let i = 0; i < length; i++) last.clean[i] = bytes[start + i]!;
  last.cleanLength = length;
}

function isAt(key: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}

/** The class of the key at `bytes[start, end)`; -1 when it is not UTF-8. */
export function keyClassOf(classes: KeyClasses, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const { last } = classes;
  const guess = last.next;
  if (guess !== null && guess.key.length === length && isAt(guess.key, bytes, start)) {
    classes.last = guess;
    return guess.keyClass;
  }
  const index = bucketOf(bytes, start, end);
  for (const entry of classes.buckets[index] ?? []) {
    if (entry.key.length !== length || !isAt(entry.key, bytes, start)) continue;
    last.next = entry;
    classes.last = entry;
    return entry.keyClass;
  }
  if (!isUtf8Range(bytes, start, end)) return -1;
  const keyClass = classes.classOf(textAt(bytes, start, end));
  if (keyClass < 0) return -keyClass;
  if (length <= MAX_KEPT_BYTES) remember(classes, index, known(bytes.slice(start, end), keyClass));
  return keyClass;
}

function remember(classes: KeyClasses, index: number, entry: Known): void {
  const bucket = classes.buckets[index];
  if (bucket === undefined) classes.buckets[index] = [entry];
  else if (bucket.length < BUCKET_KEYS) bucket.push(entry);
  else {
    const place = classes.turn++ % BUCKET_KEYS;
    // Else what was pushed out would hold on to what was pushed out before it, without end.
    bucket[place]!.next = null;
    bucket[place] = entry;
  }
}
