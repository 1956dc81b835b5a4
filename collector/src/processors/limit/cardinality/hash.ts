/** Two halves of 32 bits, signed. */
export interface Hash {
  a: number;
  b: number;
}

// What hashes alike must not be known to senders beforehand, or sets could be made that count as one.
const seeds = crypto.getRandomValues(new Int32Array(2));
const SEED_A = seeds[0]!;
const SEED_B = seeds[1]!;

const hash: Hash = { a: 0, b: 0 };

/** Spreads each bit over all of the number (the finalizer of MurmurHash3). */
export function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Hash of `bytes[start, end)`, other in each process. Not cryptographic. The answer is one object, good until the next call. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): Hash {
  let a = SEED_A ^ (end - start);
  let b = SEED_B;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    a = Math.imul(a ^ word, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul((b << 13) | (b >>> 19), 0x1b873593) + Math.imul(word, 0xcc9e2d51);
  }
  for (; at < end; at++) {
    a = Math.imul(a ^ bytes[at]!, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul((b << 13) | (b >>> 19), 0x1b873593) + Math.imul(bytes[at]! + 1, 0xcc9e2d51);
  }
  hash.a = mix(a);
  hash.b = mix(b ^ a);
  return hash;
}

/** One number of 53 bits. */
export function hashKey(a: number, b: number): number {
  return (a >>> 0) * 0x20_0000 + (b >>> 11);
}
