/** Which clock times are shown on. */
export type TimeZoneMode = 'local' | 'utc';

/** Milliseconds since 1970, with the fraction that a Date can hold, of nanoseconds as a decimal string. */
export function nanoToMs(unixNano: string): number {
  return Number(BigInt(unixNano) / 1_000n) / 1e3;
}

/** Nanoseconds from `origin` to `unixNano`, both decimal strings; exact up to 104 days. */
export function nanosSince(unixNano: string, origin: string): number {
  return Number(BigInt(unixNano) - BigInt(origin));
}

interface Parts {
  date: string;
  time: string;
  ms: string;
}

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

function partsOf(ms: number, zone: TimeZoneMode): Parts {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return { date: 'unknown', time: 'unknown', ms: '000' };
  if (zone === 'utc') {
    const iso = date.toISOString();
    return { date: iso.slice(0, 10), time: iso.slice(11, 19), ms: iso.slice(20, 23) };
  }
  return {
    date: `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`,
    time: `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`,
    ms: pad(date.getMilliseconds(), 3),
  };
}

/** `10:11:12.345`, with the date in front when it is not that of `nowMs`. */
export function formatClock(ms: number, zone: TimeZoneMode, nowMs: number): string {
  const parts = partsOf(ms, zone);
  const clock = `${parts.time}.${parts.ms}`;
  return partsOf(nowMs, zone).date === parts.date ? clock : `${parts.date.slice(5)} ${clock}`;
}

/** `2026-01-31 10:11:12`, seconds only: for ranges and headings. */
export function formatDateTime(ms: number, zone: TimeZoneMode): string {
  const parts = partsOf(ms, zone);
  return `${parts.date} ${parts.time}`;
}

/** Every digit that was sent, and the zone: `2026-01-31 10:11:12.345678901 UTC`. For hovers. */
export function exactTime(unixNano: string, zone: TimeZoneMode): string {
  const nanos = BigInt(unixNano);
  const parts = partsOf(Number(nanos / 1_000_000n), zone);
  const fraction = String(nanos % 1_000_000_000n).padStart(9, '0');
  return `${parts.date} ${parts.time}.${fraction} ${zone === 'utc' ? 'UTC' : 'local time'}`;
}

/** Label of a tick on a time axis for a range of `spanMs`: seconds only where they differ, dates over a day. */
export function formatTick(ms: number, zone: TimeZoneMode, spanMs: number): string {
  const parts = partsOf(ms, zone);
  if (spanMs > 2 * 86_400_000) return parts.date.slice(5);
  if (spanMs > 86_400_000) return `${parts.date.slice(5)} ${parts.time.slice(0, 5)}`;
  return spanMs > 10 * 60_000 ? parts.time.slice(0, 5) : parts.time;
}
