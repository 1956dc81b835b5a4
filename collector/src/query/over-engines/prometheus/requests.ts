import { addBuckets, type BucketCounts } from '../../buckets.ts';
import { latest } from '../../latest.ts';
import type { MetricAxis } from '../../metric-axis.ts';
import type { TimeRange } from '../../requests.ts';
import { type Labels, type Line, millisOf, type PrometheusClient, type Sample } from './prometheus-client.ts';
import { growth, type Matcher } from './promql.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { SERVICE_LABEL, selectorsOf, serviceOf, withService } from './series-labels.ts';
import { spreadCounts, spreadValues } from './spread.ts';

/** One operation of one service; counts are by step, and can be shares of what came for several steps at once. */
export interface Counted {
  service: string;
  operation: string;
  kind: string;
  requests: (number | null)[];
  errors: (number | null)[];
  /** Of the whole range, in milliseconds. */
  buckets: BucketCounts;
}

export interface RequestCounts {
  axis: MetricAxis;
  seconds: number;
  operations: Counted[];
  /** By service. */
  p95Ms: Map<string, (number | null)[]>;
  /** By service, nanoseconds since 1970; those that sent metrics towards the end of the range. */
  lastSeen: Map<string, string>;
}

/** A sender that is silent for longer is not taken to have counted all the time. */
const LONGEST_GAP_SECONDS = 300;
const MAX_LINES = 5000;
const MAX_BUCKETS = 50_000;
const MILLIS = 1_000_000n;
/** Of one service there is a line for each of its namespaces, which are told apart by `job`. */
const SERVICE = ['service_name', 'job'];

/** Equal steps of whole milliseconds from the begin of the range on. */
export function stepsOf({ from, to }: TimeRange, points: number): MetricAxis {
  const exact = (to - from + BigInt(points) - 1n) / BigInt(points);
  const step = ((exact + MILLIS - 1n) / MILLIS) * MILLIS;
  const stepSeconds = Number(step) / 1e9;
  return { origin: from, step, stepSeconds, steps: points, fromSeconds: Number(from / MILLIS) / 1000 };
}

/** Reads the requests of each operation, step by step, with their durations over the whole range. */
export async function readRequests(
  { client, metrics }: { client: PrometheusClient; metrics: RequestMetrics },
  request: { range: TimeRange; service: string | null; axis: MetricAxis },
  signal: AbortSignal,
): Promise<RequestCounts> {
  const { axis, range, service } = request;
  const stepMs = Number(axis.step / MILLIS);
  const grown = (part: string, { ms = stepMs, matchers = [] as readonly Matcher[] } = {}) =>
    selectorsOf(metrics.histogram + part, service, matchers)
      .map((select) => growth(select, ms))
      .join(' or ');
  const by = (...labels: string[]) => `sum by (${[...SERVICE, ...labels].join(', ')})`;
  const perOperation = by(...metrics.operationLabels);
  const lines = (expr: string) => client.queryRange({ expr, axis, limit: MAX_LINES }, signal);
  const rangeMs = millisOf(range);
  const [requests, errors, p95, buckets, lastSeen] = await Promise.all([
    lines(`${perOperation} (${grown('_count')})`),
    lines(`${perOperation} (${grown('_count', { matchers: metrics.errors })})`),
    lines(`histogram_quantile(0.95, sum by (${SERVICE_LABEL}, le) (${withService(grown('_bucket'))}))`),
    client.query(
      {
        expr: `${by(...metrics.operationLabels, 'le')} (${grown('_bucket', { ms: rangeMs })})`,
        before: range.to,
        limit: MAX_BUCKETS,
      },
      signal,
    ),
    readLastSeen(client, { ...request, metric: `${metrics.histogram}_count` }, signal),
  ]);
  const gap = Math.ceil(LONGEST_GAP_SECONDS / axis.stepSeconds);
  const operations = collect(metrics);
  for (const { labels, values } of requests)
    addSteps(operations.of(labels).requests, spreadCounts(values, gap));
  for (const { labels, values } of errors) addSteps(operations.of(labels).errors, spreadCounts(values, gap));
  operations.addBuckets(buckets);
  return {
    axis,
    seconds: rangeMs / 1000,
    operations: operations.all(),
    p95Ms: new Map(
      p95.map(({ labels, values }) => [serviceOf(labels), spreadValues(inMs(values, metrics.unitMs), gap)]),
    ),
    lastSeen,
  };
}

function inMs(values: Line['values'], unitMs: number): Line['values'] {
  return values.map((value) => (value === null ? null : value * unitMs));
}

/** Adds `more` to `total`; a step that neither has stays null. */
function addSteps(total: (number | null)[], more: readonly (number | null)[]): void {
  for (const [step, value] of more.entries()) {
    const known = total[step] ?? null;
    total[step] = known === null || value === null ? (known ?? value) : known + value;
  }
}

/** Brings together what different queries say of one operation, and what they say of its namespaces. */
function collect(metrics: RequestMetrics) {
  const operations = new Map<string, Counted>();
  const of = (labels: Labels): Counted => {
    const service = serviceOf(labels);
    const described = metrics.describe(labels);
    const key = JSON.stringify([service, described]);
    const known = operations.get(key);
    if (known !== undefined) return known;
    const counted = { service, ...described, requests: [], errors: [], buckets: new Map() };
    operations.set(key, counted);
    return counted;
  };
  return {
    of,
    addBuckets(samples: readonly Sample[]) {
      const histograms = Map.groupBy(samples, ({ labels: { le: _, ...others } }) => JSON.stringify(others));
      for (const own of histograms.values()) {
        addBuckets(of(own[0]!.labels).buckets, bucketsOf(own, metrics.unitMs));
      }
    },
    all: () => [...operations.values()],
  };
}

/** The buckets of one histogram, each without those below it; bounds in milliseconds. */
function bucketsOf(samples: readonly Sample[], unitMs: number): BucketCounts {
  const cumulative = samples.map(({ labels, value }) => [boundOf(labels) * unitMs, value ?? 0] as const);
  const buckets: BucketCounts = new Map();
  let below = 0;
  for (const [bound, count] of cumulative.sort(([a], [b]) => (a < b ? -1 : 1))) {
    buckets.set(bound, Math.max(0, count - below));
    below = Math.max(below, count);
  }
  return buckets;
}

function boundOf({ le = '+Inf' }: Labels): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

async function readLastSeen(
  client: PrometheusClient,
  request: { range: TimeRange; service: string | null; metric: string },
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { metric, range, service } = request;
  const times = ['target_info', metric].flatMap((name) =>
    selectorsOf(name, service).map((select) => `timestamp(${select})`),
  );
  const expr = `max by (${SERVICE.join(', ')}) (${times.join(' or ')})`;
  const samples = await client.query({ expr, before: range.to }, signal);
  const seen = new Map<string, string>();
  for (const [service, own] of Map.groupBy(samples, ({ labels }) => serviceOf(labels))) {
    const newest = latest(
      own.map(({ value }) => BigInt(Math.round((value ?? 0) * 1000)) * MILLIS),
      0n,
    );
    if (newest >= range.from) seen.set(service, String(newest));
  }
  return seen;
}
