const NANOS_PER_SECOND = 1e9;

/** Rounds to three significant digits without ever showing an exponent. */
function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}

/**
 * A duration in nanoseconds as people read it: `850 ns`, `12.4 ms`, `1.24 s`, `3m 12s`, `2d 4h`.
 * Three significant digits below a minute; two units above.
 */
export function formatDuration(nanos: number): string {
  if (!Number.isFinite(nanos)) return 'unknown';
  if (nanos < 0) return `-${formatDuration(-nanos)}`;
  if (nanos === 0) return '0 ms';
  if (nanos < 999.5) return `${Math.round(nanos)} ns`;
  if (nanos < 999.5e3) return `${threeDigits(nanos / 1e3)} µs`;
  if (nanos < 999.5e6) return `${threeDigits(nanos / 1e6)} ms`;
  if (nanos < 59.95 * NANOS_PER_SECOND) return `${threeDigits(nanos / NANOS_PER_SECOND)} s`;
  return formatLong(Math.round(nanos / NANOS_PER_SECOND));
}

function formatLong(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return hours > 0 ? `${days}d ${hours}h` : `${days}d`;
  if (hours > 0) return minutes > 0 ? `${hours}h ${minutes}m` : `${hours}h`;
  return seconds % 60 > 0 ? `${minutes}m ${seconds % 60}s` : `${minutes}m`;
}

/** `formatDuration` of milliseconds; `null`, no measurement, is a dash and never a zero. */
export function formatMs(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms * 1e6);
}

/** The exact value behind `formatDuration`, for hovers: `1,240,500,123 ns`. */
export function exactDuration(nanos: number | bigint): string {
  return `${nanos.toLocaleString('en-US')} ns`;
}

/** How long ago, one unit: `now`, `12s ago`, `3m ago`, `5h ago`, `2d ago`. Milliseconds. */
export function formatAge(ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ago`;
  return `${Math.floor(seconds / 86_400)}d ago`;
}

const INPUT_UNITS: Readonly<Record<string, number>> = { us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6 };

/** Reads what a person types as a duration (`250`, `250ms`, `1.5 s`, `2m`) to milliseconds; `null` if it is none. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(us|µs|ms|s|m|h)?$/.exec(text.trim().toLowerCase());
  if (match === null) return null;
  return Number(match[1]) * (INPUT_UNITS[match[2] ?? 'ms'] ?? 1);
}
