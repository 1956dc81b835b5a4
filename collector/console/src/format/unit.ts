import { formatDuration } from './duration.ts';
import { formatBytes, formatShort } from './number.ts';

const NANOS: Readonly<Record<string, number>> = { s: 1e9, ms: 1e6, us: 1e3, ns: 1, min: 6e10, h: 3.6e12 };

const WORDS: Readonly<Record<string, string>> = { '1': '', By: 'bytes', Cel: '°C', d: 'days' };

/** A UCUM unit as a word for a reader: `By` is bytes, `{request}` is request, `1` is nothing. */
export function unitWord(unit: string): string {
  return WORDS[unit] ?? unit.replace(/[{}]/g, '');
}

/** The stat that is shown changes the unit: a rate is per second, a quantile of a histogram keeps its unit. */
function isPerSecond(stat: string): boolean {
  return stat === 'rate';
}

/**
 * A metric's value with its unit as people read it. Times become durations, bytes binary units.
 * A rate is per second. The rate of a histogram counts its measurements, so its unit is not theirs.
 */
export function formatMetricValue(
  value: number,
  metric: { unit: string; stat: string; type: string },
): string {
  if (!Number.isFinite(value)) return String(value);
  const counts = metric.type.includes('histogram') || metric.type === 'summary';
  const suffix = isPerSecond(metric.stat) ? '/s' : '';
  if (counts && (metric.stat === 'rate' || metric.stat === 'increase'))
    return `${formatShort(value)}${suffix}`;
  if (metric.unit === 'By') return `${formatBytes(value)}${suffix}`;
  const nanos = NANOS[metric.unit];
  if (nanos !== undefined && suffix === '') return formatDuration(value * nanos);
  const word = unitWord(metric.unit);
  if (word === '%') return `${formatShort(value)}%${suffix}`;
  return `${formatShort(value)}${word === '' ? suffix : ` ${word}${suffix}`}`;
}
