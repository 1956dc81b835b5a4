import type { LogRecord } from '#api/schemas/logs.ts';

/** Lines of a live tail: newest first, bounded on both sides. */
export interface TailLines {
  shown: readonly LogRecord[];
  /** Came while paused or scrolled away; newest first. */
  waiting: readonly LogRecord[];
  /** Not shown because reader or browser could not keep up. */
  dropped: number;
  /** Older lines let go to stay within bounds. */
  forgotten: number;
}

export const EMPTY_TAIL: TailLines = { shown: [], waiting: [], dropped: 0, forgotten: 0 };

export const TAIL_LIMITS = { shown: 50_000, waiting: 10_000 };

/** Takes lines in (oldest first, as they came). While `held` they wait; what doesn't fit is counted as dropped. */
export function takeLines(
  tail: TailLines,
  incoming: readonly LogRecord[],
  options: { held: boolean; limits?: typeof TAIL_LIMITS },
): TailLines {
  const limits = options.limits ?? TAIL_LIMITS;
  const waiting = [...incoming.toReversed(), ...tail.waiting];
  const kept = waiting.slice(0, limits.waiting);
  const next = { ...tail, waiting: kept, dropped: tail.dropped + waiting.length - kept.length };
  return options.held ? next : releaseLines(next, limits);
}

/** Shows what waits; the oldest lines beyond the bound go. */
export function releaseLines(tail: TailLines, limits = TAIL_LIMITS): TailLines {
  if (tail.waiting.length === 0) return tail;
  const all = [...tail.waiting, ...tail.shown];
  const shown = all.slice(0, limits.shown);
  return { shown, waiting: [], dropped: tail.dropped, forgotten: tail.forgotten + all.length - shown.length };
}
