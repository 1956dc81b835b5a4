const BUCKETS = 128;

/** Finds which of a few wanted attribute keys a range of bytes is, without making a string. */
export interface HotKeys {
  count: number;
  buckets: readonly (readonly { key: Buffer; index: number }[])[];
}

/** `keys` in the order in which their values will be asked for. */
export function createHotKeys(keys: readonly string[]): HotKeys {
  const buckets: { key: Buffer; index: number }[][] = Array.from({ length: BUCKETS }, () => []);
  keys.forEach((text, index) => {
    const key = Buffer.from(text);
    buckets[bucketOf(key.length, key[key.length - 1] ?? 0)]!.push({ key, index });
  });
  return { count: keys.length, buckets };
}

function bucketOf(length: number, last: number): number {
  return (length * 31 + last) % BUCKETS;
}

/** The index of the key at `bytes[start, end)`, or -1. */
export function hotIndexOf(hot: HotKeys, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return -1;
  const bucket = hot.buckets[bucketOf(length, bytes[end - 1]!)]!;
  for (let i = 0; i < bucket.length; i++) {
    const { key, index } = bucket[i]!;
    if (key.length !== length) continue;
    let same = 0;
    while (same < length && key[same] === bytes[start + same]) same++;
    if (same === length) return index;
  }
  return -1;
}
