import { EngineError } from '../../engine-error.ts';
import type { MetricAxis } from '../../metric-axis.ts';
import type { TimeRange } from '../../requests.ts';
import type { EngineClient, EngineParams } from '../engine-client.ts';

export type Labels = Readonly<Record<string, string>>;

/** One value of an instant query; a native histogram has none. */
export interface Sample {
  labels: Labels;
  value: number | null;
}

/** One line of a range query: a value for each step of the axis, null where there is none or it is not a number. */
export interface Line {
  labels: Labels;
  values: (number | null)[];
}

export interface Exemplars {
  labels: Labels;
  exemplars: { labels: Labels; value: string; timestamp: number }[];
}

interface Answer<T> {
  status: string;
  data: T;
  warnings?: string[];
}

interface Vector {
  result: { metric: Labels; value?: [number, string] }[];
}

interface Matrix {
  result: { metric: Labels; values?: [number, string][] }[];
}

/** Prometheus' HTTP API, as far as it is used. `match` are selectors of which one must fit. */
export interface PrometheusClient {
  labelValues(
    label: string,
    request: { match: readonly string[]; range: TimeRange; limit: number },
    signal: AbortSignal,
  ): Promise<string[]>;
  /** Label sets of the series; `truncated` when there are more than `limit`. */
  series(
    request: { match: readonly string[]; range: TimeRange; limit: number },
    signal: AbortSignal,
  ): Promise<{ series: Labels[]; truncated: boolean }>;
  /** Evaluates at the last millisecond before `before`, nanoseconds since 1970; LOOKBACK unless told otherwise. */
  query(
    request: { expr: string; before: bigint; lookback?: string; limit?: number },
    signal: AbortSignal,
  ): Promise<Sample[]>;
  /** Evaluates for each step over the samples of that step; at most `limit` lines come back. */
  queryRange(
    request: { expr: string; axis: MetricAxis; limit: number },
    signal: AbortSignal,
  ): Promise<Line[]>;
  exemplars(request: { expr: string; range: TimeRange }, signal: AbortSignal): Promise<Exemplars[]>;
  /** What scraped programs say of their metrics, by family; all, or those of one name. */
  metadata(metric: string | null, signal: AbortSignal): Promise<Map<string, Metadata>>;
}

export interface Metadata {
  type: string;
  help: string;
  unit: string;
}

const MIB = 1024 * 1024;
const MAX_METADATA = 10_000;
/** Their expressions can be long. */
const POSTED = new Set(['/api/v1/query', '/api/v1/query_range', '/api/v1/series', '/api/v1/query_exemplars']);

/**
 * How far back the sample is looked for from which a counter grew. The default of 5 minutes would lose what grew
 * while a sender was silent for longer.
 */
export const LOOKBACK = '1h';

export function createPrometheusClient(client: EngineClient): PrometheusClient {
  const ask = async <T>(path: string, params: EngineParams, signal: AbortSignal): Promise<Answer<T>> => {
    const post = POSTED.has(path);
    const answer = await client.askJson<Answer<T>>({ path, params, post, maxBytes: 32 * MIB }, signal);
    if (answer.status === 'success') return answer;
    throw new EngineError('failed', `Prometheus answered ${path} with status ${answer.status}.`);
  };
  return {
    async labelValues(label, { match, range, limit }, signal) {
      const params = { 'match[]': match, ...inSeconds(range), limit };
      return (await ask<string[]>(`/api/v1/label/${label}/values`, params, signal)).data;
    },
    async series({ match, range, limit }, signal) {
      const params = { 'match[]': match, ...inSeconds(range), limit: limit + 1 };
      const { data } = await ask<Labels[]>('/api/v1/series', params, signal);
      return { series: data.slice(0, limit), truncated: data.length > limit };
    },
    async query({ expr, before, lookback = LOOKBACK, limit }, signal) {
      const params = { query: expr, time: seconds(before - MILLI), lookback_delta: lookback, limit };
      const { data } = await ask<Vector>('/api/v1/query', params, signal);
      return data.result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value?.[1]) }));
    },
    async queryRange({ expr, axis, limit }, signal) {
      const params = { query: expr, ...evaluationTimes(axis), limit, lookback_delta: LOOKBACK };
      const { data } = await ask<Matrix>('/api/v1/query_range', params, signal);
      return data.result.map(({ metric, values = [] }) => ({ labels: metric, values: onAxis(values, axis) }));
    },
    async exemplars({ expr, range }, signal) {
      const params = { query: expr, ...inSeconds(range) };
      return (await ask<Exemplars[]>('/api/v1/query_exemplars', params, signal)).data;
    },
    async metadata(metric, signal) {
      const params = { metric: metric ?? undefined, limit: MAX_METADATA, limit_per_metric: 1 };
      const { data } = await ask<Record<string, Metadata[]>>('/api/v1/metadata', params, signal);
      return new Map(Object.entries(data).flatMap(([name, [first]]) => (first ? [[name, first]] : [])));
    },
  };
}

const MILLI = 1_000_000n;

/** Seconds with milliseconds, the resolution of Prometheus. */
function seconds(nano: bigint): string {
  const text = String(nano / MILLI).padStart(4, '0');
  return `${text.slice(0, -3)}.${text.slice(-3)}`;
}

/** The length of a range in whole milliseconds, at least one. */
export function millisOf({ from, to }: TimeRange): number {
  return Math.max(1, Number((to - from) / MILLI));
}

function inSeconds({ from, to }: TimeRange): { start: string; end: string } {
  return { start: seconds(from), end: seconds(to) };
}

/** Windows of PromQL leave their start out and take their end in: a millisecond earlier they are our steps. */
function evaluationTimes({ origin, step, steps }: MetricAxis): { start: string; end: string; step: string } {
  const first = origin + step - MILLI;
  return {
    start: seconds(first),
    end: seconds(first + BigInt(steps - 1) * step),
    step: seconds(step),
  };
}

function onAxis(values: readonly [number, string][], axis: MetricAxis): (number | null)[] {
  const points = new Array<number | null>(axis.steps).fill(null);
  for (const [time, value] of values) {
    const index = Math.round((time + 0.001 - axis.fromSeconds) / axis.stepSeconds) - 1;
    if (index >= 0 && index < axis.steps) points[index] = numberOf(value);
  }
  return points;
}

/** Null for NaN and infinities, which JSON does not have. */
function numberOf(text: string | undefined): number | null {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
