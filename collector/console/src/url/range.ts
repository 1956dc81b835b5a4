/** A time range as it stands in the address and goes to the API: `now`, `now-15m` or RFC 3339. */
export interface TimeRange {
  from: string;
  to: string;
}

export const DEFAULT_RANGE: TimeRange = { from: 'now-1h', to: 'now' };

/** The relative ranges that are offered, by what stands after `now-`. */
export const RANGE_PRESETS = [
  { span: '5m', label: 'Last 5 minutes' },
  { span: '15m', label: 'Last 15 minutes' },
  { span: '1h', label: 'Last 1 hour' },
  { span: '6h', label: 'Last 6 hours' },
  { span: '24h', label: 'Last 24 hours' },
  { span: '7d', label: 'Last 7 days' },
] as const;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };
const RELATIVE = /^now-(\d{1,6})([smhd])$/;

/** Milliseconds since 1970 of a time expression seen at `nowMs`; `null` when it is none. */
export function resolveTime(expression: string, nowMs: number): number | null {
  if (expression === 'now') return nowMs;
  const relative = RELATIVE.exec(expression);
  if (relative !== null) return nowMs - Number(relative[1]) * (UNIT_MS[relative[2] ?? ''] ?? 0);
  if (!/^\d{4}-\d\d-\d\dT/.test(expression)) return null;
  const ms = Date.parse(expression);
  return Number.isNaN(ms) ? null : ms;
}

/** The range in the address; whatever is missing, unreadable or reversed falls back to the last hour. */
export function readRange(params: URLSearchParams): TimeRange {
  const range = { from: params.get('from') ?? DEFAULT_RANGE.from, to: params.get('to') ?? DEFAULT_RANGE.to };
  const fromMs = resolveTime(range.from, 0);
  const toMs = resolveTime(range.to, 0);
  if (fromMs === null || toMs === null) return DEFAULT_RANGE;
  const comparable = isRelative(range.from) === isRelative(range.to);
  return comparable && fromMs >= toMs ? DEFAULT_RANGE : range;
}

/** Whether the end moves with the clock, so that refreshing by itself makes sense. */
export function endsNow(range: TimeRange): boolean {
  return range.to === 'now';
}

function isRelative(expression: string): boolean {
  return expression.startsWith('now');
}

/** A fixed range of two instants in milliseconds, whole milliseconds and at least one long. */
export function absoluteRange(fromMs: number, toMs: number): TimeRange {
  const from = Math.floor(Math.min(fromMs, toMs));
  const to = Math.max(Math.ceil(Math.max(fromMs, toMs)), from + 1);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** The label of a preset for this range, or `null` when it is none of them. */
export function presetLabel(range: TimeRange): string | null {
  if (range.to !== 'now') return null;
  const preset = RANGE_PRESETS.find(({ span }) => range.from === `now-${span}`);
  if (preset !== undefined) return preset.label;
  const match = RELATIVE.exec(range.from);
  return match === null ? null : `Last ${match[1]}${match[2]}`;
}
