import type { Position } from '#core/record.ts';
import type { Segment } from './segments.ts';

export type DropReason = 'consumed' | 'age' | 'size';

/** A segment to remove, and whether it must be closed first because it is the one appended to. */
export interface Drop {
  segment: Segment;
  reason: DropReason;
  isActive: boolean;
}

export interface Caps {
  maxBytes: number;
  maxAgeMs: number;
  /** Whether reaching `maxBytes` removes the oldest; otherwise senders are refused. */
  expireOldest: boolean;
}

/** A fully delivered segment that is still appended to is closed after this, so that it can go. */
const IDLE_MS = 10 * 60_000;

/**
 * The oldest segment if it may go: every destination has passed it, or a cap says so. Ask again after it went.
 * `neededFrom` is the lowest sequence that some destination still wants.
 */
export function nextDrop(
  segments: readonly Segment[],
  state: { tail: Position; neededFrom: number; nowMs: number },
  caps: Caps,
): Drop | null {
  const oldest = segments[0];
  if (oldest === undefined) return null;
  const isActive = segments.length === 1;
  const end = isActive ? state.tail : segments[1]!.start;
  if (end.sequence === oldest.start.sequence)
    return isActive ? null : { segment: oldest, reason: 'consumed', isActive };
  const ageMs = state.nowMs - oldest.newestMs;
  if (end.sequence <= state.neededFrom) {
    return isActive && ageMs < IDLE_MS ? null : { segment: oldest, reason: 'consumed', isActive };
  }
  if (ageMs > caps.maxAgeMs) return { segment: oldest, reason: 'age', isActive };
  if (isActive || !caps.expireOldest || totalBytes(segments) <= caps.maxBytes) return null;
  return { segment: oldest, reason: 'size', isActive };
}

export function totalBytes(segments: readonly Segment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}
