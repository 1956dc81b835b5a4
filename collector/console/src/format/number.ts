/** A count with thousands separated: `1,234`. */
export function formatCount(count: number | bigint): string {
  return count.toLocaleString('en-US');
}

/** `1 span`, `2 spans`: a count with its noun; the plural is the noun with an s unless given. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

const STEPS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A number of any size in about three digits, as an axis or legend wants it: `1.23k`, `0.042`, `5`. */
export function formatShort(value: number): string {
  const size = Math.abs(value);
  for (const [factor, suffix] of STEPS) {
    if (size >= factor * 0.9995) return `${trim(value / factor)}${suffix}`;
  }
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return trim(value);
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Bytes in binary units: `512 B`, `1.5 KiB`, `64 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${trim(value)} ${units[unit]}`;
}

/** Requests per second, or per minute where that is the more readable number: `12.4/s`, `3/min`, `0`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  if (perSecond >= 0.1) return `${formatShort(perSecond)}/s`;
  return `${trimSmall(perSecond * 60)}/min`;
}

function trimSmall(value: number): string {
  return value < 0.01 ? '<0.01' : String(Number(value.toPrecision(2)));
}

/** A ratio of 0 to 1 as per cent that never rounds a little to none or almost all to all. */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  if (percent < 0.1) return '<0.1%';
  if (percent > 99.9) return '>99.9%';
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(percent > 99 ? 1 : 0)}%`;
}
