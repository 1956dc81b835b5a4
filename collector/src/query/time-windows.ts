import type { TimeRange } from './requests.ts';

/** Parts of `range` of up to `length` nanoseconds, the newest first. */
export function* windowsOf({ from, to }: TimeRange, length: bigint): Generator<TimeRange> {
  for (let end = to; end > from; end -= length) {
    yield { from: end - length > from ? end - length : from, to: end };
  }
}
