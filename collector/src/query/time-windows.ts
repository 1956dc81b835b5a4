import type { TimeRange } from './requests.ts';

const DAY = 86_400_000_000_000n;
/** Engines keep spans and logs for days or weeks; more than a year leaves room for who keeps them longer. */
const LONGEST_KEPT = 400n * DAY;
/** Clocks of senders can be ahead, in a wrong time zone by hours. */
const AHEAD = DAY;

/**
 * The part of `range` that an engine can have something of; empty (`to` not after `from`) when it has none. A range
 * since 1970 would else be thousands of windows.
 */
export function clipRange({ from, to }: TimeRange, now: bigint): TimeRange {
  const first = now - LONGEST_KEPT;
  const last = now + AHEAD;
  return { from: from > first ? from : first, to: to < last ? to : last };
}

/** Parts of `range` of up to `length` nanoseconds, the newest first. */
export function* windowsOf({ from, to }: TimeRange, length: bigint): Generator<TimeRange> {
  for (let end = to; end > from; end -= length) {
    yield { from: end - length > from ? end - length : from, to: end };
  }
}
