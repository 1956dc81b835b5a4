import { EngineError } from '../../engine-error.ts';
import { createAxis } from '../../metric-axis.ts';
import type { TimeRange } from '../../requests.ts';
import { quote } from '../quote.ts';
import type { MetricFamily } from './metric-family.ts';
import type { PrometheusClient } from './prometheus-client.ts';
import { lastValue } from './promql.ts';
import { selectorsOf } from './series-labels.ts';

interface Request {
  families: readonly MetricFamily[];
  range: TimeRange;
  service: string | null;
}

/** Metrics a query: each is a part of one expression. */
const AT_ONCE = 100;
const MILLIS = 1_000_000n;
const SILENT_STEPS = 60;

/**
 * The time of the newest sample in the range, nanoseconds since 1970; a metric without one is left out. Of those that
 * were silent at the end of the range the time is a lower bound: the begin of the sixtieth that the sample is in, and
 * of more than a hundred such the begin of the range.
 */
export async function readLastSeen(
  client: PrometheusClient,
  request: Request,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { families, range } = request;
  const seen = await readNewest(client, request, signal);
  const silent = families.filter(({ name }) => !seen.has(name));
  const found = await readSilent(client, { ...request, families: silent.slice(0, AT_ONCE) }, signal);
  const unknown = silent.slice(AT_ONCE).map(({ name }) => [name, String(range.from)] as const);
  return new Map([...seen, ...found, ...unknown]);
}

async function readNewest(
  client: PrometheusClient,
  { families, range, service }: Request,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const parts: MetricFamily[][] = [];
  for (let at = 0; at < families.length; at += AT_ONCE) parts.push(families.slice(at, at + AT_ONCE));
  const newest = ({ name, seriesName }: MetricFamily) =>
    named(
      name,
      `max(${selectorsOf(seriesName, service)
        .map((select) => `timestamp(${select})`)
        .join(' or ')})`,
    );
  const answers = await Promise.all(
    parts.map((part) => client.query({ expr: part.map(newest).join(' or '), before: range.to }, signal)),
  );
  const times = answers.flat().map(({ labels, value }) => {
    return [labels.metric ?? '', BigInt(Math.round((value ?? 0) * 1000)) * MILLIS] as const;
  });
  return new Map(times.filter(([, time]) => time >= range.from).map(([name, time]) => [name, String(time)]));
}

async function readSilent(
  client: PrometheusClient,
  { families, range, service }: Request,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  if (families.length === 0) return new Map();
  const stepSeconds = Math.max(1, Math.ceil(Number(range.to - range.from) / 1e9 / SILENT_STEPS));
  const axis = createAxis({ range, stepSeconds });
  const present = ({ name, seriesName }: MetricFamily) => {
    const values = selectorsOf(seriesName, service).map((select) => lastValue(select, stepSeconds * 1000));
    return named(name, `count(${values.join(' or ')})`);
  };
  const expr = families.map(present).join(' or ');
  try {
    const lines = await client.queryRange({ expr, axis, limit: families.length }, signal);
    return new Map(
      lines.map(({ labels, values }) => {
        const step = values.findLastIndex((value) => value !== null);
        const began = axis.origin + BigInt(step) * axis.step;
        return [labels.metric ?? '', String(began < range.from ? range.from : began)];
      }),
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // All samples of a long range may be too much; that they are there is known.
    return new Map(families.map(({ name }) => [name, String(range.from)]));
  }
}

/** Without it the name is lost: every function drops it. */
function named(name: string, expr: string): string {
  return `label_replace(${expr}, "metric", ${quote(name)}, "", "")`;
}
