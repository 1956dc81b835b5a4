const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const FACTORS: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const MAX_AMOUNT = 1e12;

/** `30m`, `24h`, `90d` or `0`, in milliseconds; null when it is none of these. */
export function readDuration(text: string): number | null {
  if (text === '0') return 0;
  const { count, unit } = /^(?<count>\d{1,6})(?<unit>[mhd])$/.exec(text)?.groups ?? {};
  return count === undefined ? null : Number(count) * UNIT_MS[unit!]!;
}

/** `5000`, `500k`, `2M` or `1G`, by thousands; null when it is none of these, or too much. */
export function readAmount(text: string): number | null {
  const { count, factor } = /^(?<count>\d{1,13})(?<factor>[kMG]?)$/.exec(text)?.groups ?? {};
  if (count === undefined) return null;
  const amount = Number(count) * FACTORS[factor!]!;
  return amount <= MAX_AMOUNT ? amount : null;
}

/** As in `1.2M`. */
export function shortAmount(amount: number): string {
  for (const factor of ['G', 'M', 'k']) {
    const scaled = amount / FACTORS[factor]!;
    if (scaled >= 1) return `${Number(scaled.toFixed(scaled < 10 ? 1 : 0))}${factor}`;
  }
  return String(amount);
}
