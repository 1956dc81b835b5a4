import { timingSafeEqual } from 'node:crypto';
import { digestOfKey } from './key-text.ts';
import type { LiveKey } from './live-keys.ts';

/** What is said to whoever shows it: about a known key only when the whole of it was right. */
export type Verdict =
  | { kind: 'good'; key: LiveKey }
  | { kind: 'unknown' }
  | { kind: 'revoked' | 'expired' | 'replaced'; key: LiveKey; atUnixMs: number };

const NO_DIGEST = Buffer.alloc(32);

/**
 * Judges a text with the form of a key; `known` is what its id belongs to. Whatever is found, two digests of 32 bytes
 * are compared, each in constant time: how long it takes tells neither which ids there are nor how much of a key was right.
 */
export function verifyKey(text: string, known: LiveKey | undefined, nowMs: number): Verdict {
  const digest = digestOfKey(text);
  const isCurrent = timingSafeEqual(digest, known?.digest ?? NO_DIGEST);
  const isPrevious = timingSafeEqual(digest, known?.previousDigest ?? NO_DIGEST);
  if (known === undefined || !(isCurrent || isPrevious)) return { kind: 'unknown' };
  const { expiresUnixMs, previous, revokedUnixMs } = known.record;
  if (revokedUnixMs !== null) return { kind: 'revoked', key: known, atUnixMs: revokedUnixMs };
  if (expiresUnixMs !== null && expiresUnixMs <= nowMs) {
    return { kind: 'expired', key: known, atUnixMs: expiresUnixMs };
  }
  if (!isCurrent && previous!.untilUnixMs <= nowMs) {
    return { kind: 'replaced', key: known, atUnixMs: previous!.untilUnixMs };
  }
  return { kind: 'good', key: known };
}
