import { BadRequestError } from '#query/requests.ts';

const UNIT_SECONDS: Record<string, bigint> = { s: 1n, m: 60n, h: 3600n, d: 86_400n };
const NANOS = 1_000_000_000n;
/** A `+` that was not escaped arrives as a space. */
const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+ -]\d{2}:\d{2})$/;
/** Times are kept as 64-bit nanoseconds: up to April 2262. */
const MAX_NANO = 2n ** 63n - 1n;

/** Nanoseconds since 1970 of `now`, `now-15m`, or an RFC 3339 time with up to nine digits after the point. */
export function parseTime(param: string, text: string, now: bigint): bigint {
  const relative = /^now(?:-(\d{1,9})([smhd]))?$/.exec(text);
  if (relative) return now - BigInt(relative[1] ?? 0) * (UNIT_SECONDS[relative[2] ?? 's'] ?? 1n) * NANOS;
  const absolute = parseRfc3339(text.toUpperCase());
  if (absolute === null) {
    throw new BadRequestError(
      param,
      'must be RFC 3339 as in 2026-01-31T12:00:00Z, `now`, or relative as in `now-1h`',
    );
  }
  return absolute;
}

/** Nanoseconds since 1970, negative before, of an RFC 3339 time; throws BadRequestError. */
export function parseInstant(param: string, text: string): bigint {
  const nanos = parseRfc3339(text.toUpperCase());
  if (nanos === null) throw new BadRequestError(param, 'must be RFC 3339 as in 2026-01-31T12:00:00Z');
  if (nanos > MAX_NANO) throw new BadRequestError(param, 'must be before April 2262');
  return nanos;
}

function parseRfc3339(text: string): bigint | null {
  const [, local, fraction = '', offset] = RFC_3339.exec(text) ?? [];
  if (local === undefined || offset === undefined) return null;
  const millis = Date.parse(`${local}${offset.replace(' ', '+')}`);
  if (Number.isNaN(millis) || !isOnCalendar(local)) return null;
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Date.parse takes the 30th of February for the 2nd of March. */
function isOnCalendar(local: string): boolean {
  const millis = Date.parse(`${local}Z`);
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(local);
}

/** RFC 3339, UTC, to the millisecond. */
export function toRfc3339(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

/** Resolves `from` and `to`; `from` must come first. */
export function parseRange(params: { from: string; to: string }, now: bigint): { from: bigint; to: bigint } {
  const from = parseTime('from', params.from, now);
  const to = parseTime('to', params.to, now);
  if (from >= to || from < 0n) throw new BadRequestError('from', 'must be before `to`, and not before 1970');
  if (to > MAX_NANO) throw new BadRequestError('to', 'must be before April 2262');
  return { from, to };
}
