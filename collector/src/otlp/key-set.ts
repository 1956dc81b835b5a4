import { textAt } from './wire.ts';

/** Up to here the keys of a list are compared one by one; beyond, through a Set, so that cost stays linear. */
const LINEAR_KEYS = 24;

/** The keys of the attribute lists that are open, as ranges of the bytes being read; a nested list sits on top. */
export interface KeySet {
  starts: number[];
  ends: number[];
  count: number;
  /** Of lists that have grown long, by where the list begins. */
  long: Map<number, Set<string>>;
}

export function createKeySet(): KeySet {
  return { starts: [], ends: [], count: 0, long: new Map() };
}

/** Forgets the keys of the list that began at `mark`, the value of `count` when it was opened. */
export function closeKeys(keys: KeySet, mark: number): void {
  keys.count = mark;
  if (keys.long.size > 0) keys.long.delete(mark);
}

interface Range {
  start: number;
  end: number;
}

function equals(bytes: Uint8Array, other: number, key: Range): boolean {
  for (let at = key.end - 1, otherAt = other + key.end - key.start - 1; at >= key.start; at--, otherAt--) {
    if (bytes[at] !== bytes[otherAt]) return false;
  }
  return true;
}

function addLong(keys: KeySet, mark: number, bytes: Uint8Array): Set<string> {
  const set = new Set<string>();
  for (let i = mark; i < keys.count; i++) set.add(textAt(bytes, keys.starts[i]!, keys.ends[i]!));
  keys.long.set(mark, set);
  return set;
}

/** Adds a key to the list that began at `mark`; false when it is there already. */
export function addKey(keys: KeySet, mark: number, bytes: Uint8Array, key: Range): boolean {
  const count = keys.count;
  if (count - mark < LINEAR_KEYS) {
    for (let i = mark; i < count; i++) {
      const start = keys.starts[i]!;
      if (keys.ends[i]! - start === key.end - key.start && equals(bytes, start, key)) return false;
    }
  } else {
    const set = keys.long.get(mark) ?? addLong(keys, mark, bytes);
    const text = textAt(bytes, key.start, key.end);
    if (set.has(text)) return false;
    set.add(text);
  }
  keys.starts[count] = key.start;
  keys.ends[count] = key.end;
  keys.count = count + 1;
  return true;
}
