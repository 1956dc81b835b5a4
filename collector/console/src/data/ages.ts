import { formatDuration } from '../format/duration.ts';

/** Milliseconds from `time` to `at`, both RFC 3339 by the collector's clock; never below zero. */
export function ageMs(at: string, time: string): number {
  return Math.max(0, Date.parse(at) - Date.parse(time));
}

/** A duration without fractions of a second: `12 s`, `5m 3s`, `2d 4h`. */
export function spanText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'under 1 s';
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1e9);
}

/** When something will be, seen from `at`: `in 12 s`, or `now` when that has passed. */
export function untilText(at: string, time: string): string {
  const ms = Date.parse(time) - Date.parse(at);
  return ms <= 0 ? 'now' : `in ${spanText(ms)}`;
}
