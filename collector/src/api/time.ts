import { BadRequestError } from '#query/requests.ts';

const UNIT_SECONDS: Record<string, bigint> = { s: 1n, m: 60n, h: 3600n, d: 86_400n };
const NANOS = 1_000_000_000n;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/i;

/** Nanoseconds since 1970 of `now`, `now-15m`, or an RFC 3339 time with up to nine digits after the point. */
export function parseTime(param: string, text: string, now: bigint): bigint {
  const relative = /^now(?:-(\d{1,9})([smhd]))?$/.exec(text);
  if (relative) return now - BigInt(relative[1] ?? 0) * (UNIT_SECONDS[relative[2] ?? 's'] ?? 1n) * NANOS;
  const absolute = RFC_3339.exec(text);
  const millis = absolute ? Date.parse(`${absolute[1]}${absolute[3]}`) : Number.NaN;
  if (Number.isNaN(millis)) {
    throw new BadRequestError(param, 'must be RFC 3339 as in 2026-01-31T12:00:00Z, `now`, or relative as in `now-1h`');
  }
  return BigInt(millis) * 1_000_000n + BigInt((absolute?.[2] ?? '').padEnd(9, '0'));
}

/** Resolves `from` and `to`; `from` must come first. */
export function parseRange(params: { from: string; to: string }, now: bigint): { from: bigint; to: bigint } {
  const from = parseTime('from', params.from, now);
  const to = parseTime('to', params.to, now);
  if (from >= to || from < 0n) throw new BadRequestError('from', 'must be before `to`, and not before 1970');
  return { from, to };
}
