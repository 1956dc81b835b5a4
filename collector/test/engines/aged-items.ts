import type { Signal } from '#core/signal.ts';
import type { Plain } from '#otlp/testing/reference.ts';
import { gaugeRequest, logRequest, spanRequest } from '../support/engine-stack/ask-engines.ts';
import type { EngineStack } from '../support/engine-stack/start-engine.ts';
import { linesIn } from './ask-loki.ts';
import { samplesOf } from './ask-prometheus.ts';
import { spansOfTrace } from './ask-tempo.ts';

/** A span, log record or data point of some time; the number tells which. */
export interface AgedItem {
  number: number;
  unixMs: number;
}

const GAUGE = 'aged.items';
const DAY_MS = 86_400_000;
const bodyOf = (number: number) => `aged item ${number}`;
const traceIdOf = (number: number) => `a9ed${number.toString(16).padStart(28, '0')}`;

/** One request with all items of one service; data points are of one series. */
export function agedRequest(signal: Signal, service: string, items: readonly AgedItem[]): Plain {
  if (signal === 'logs') {
    return logRequest(
      service,
      items.map(({ number, unixMs }) => ({ body: bodyOf(number), unixMs })),
    );
  }
  if (signal === 'metrics') {
    return gaugeRequest(
      { service, name: GAUGE },
      items.map(({ number, unixMs }) => ({ value: number, unixMs })),
    );
  }
  const requests = items.map(({ number, unixMs }) =>
    spanRequest(service, { traceId: traceIdOf(number), unixMs }),
  );
  return { resourceSpans: requests.flatMap(({ resourceSpans }) => resourceSpans as Plain[]) };
}

/** The numbers of the items that a request holds, which was decoded with the reference. */
export function numbersIn(signal: Signal, request: Plain): number[] {
  type Scopes = Record<string, { spans?: Plain[]; logRecords?: Plain[]; metrics?: Plain[] }[]>;
  const [resources] = Object.values(request) as [Scopes[]];
  const scopes = resources.flatMap((each) => each.scopeSpans ?? each.scopeLogs ?? each.scopeMetrics ?? []);
  if (signal === 'logs') {
    const bodies = scopes.flatMap(({ logRecords = [] }) => logRecords.map(({ body }) => body));
    return bodies.map((body) => Number((body as { stringValue: string }).stringValue.split(' ').at(-1)));
  }
  if (signal === 'metrics') {
    const metrics = scopes.flatMap((scope) => scope.metrics ?? []);
    const points = metrics.flatMap(
      ({ gauge }) => (gauge as { dataPoints: { asDouble: number }[] }).dataPoints,
    );
    return points.map(({ asDouble }) => asDouble);
  }
  const ids = scopes.flatMap(({ spans = [] }) => spans.map(({ traceId }) => traceId as number[]));
  return ids.map((id) => Buffer.from(id).readUInt32BE(12));
}

/** The numbers of the items that the engine of this signal has, each once; of traces only those asked for can be found. */
export async function numbersFound(
  { loki, prometheus, tempo }: EngineStack,
  signal: Signal,
  { items, service }: { service: string; items: readonly AgedItem[] },
): Promise<number[]> {
  const toMs = Date.now() + 2 * 3_600_000;
  if (signal === 'logs') {
    const range = { fromMs: toMs - 31 * DAY_MS, toMs };
    const lines = await linesIn(loki.url, `{service_name="${service}"}`, range);
    return distinct(lines.map(({ body }) => Number(body.split(' ').at(-1))));
  }
  if (signal === 'metrics') {
    const range = { seconds: (31 * DAY_MS) / 1000, toMs };
    const samples = await samplesOf(prometheus.url, `aged_items{job="${service}"}`, range);
    return distinct(samples.map(({ value }) => value));
  }
  const found: number[] = [];
  for (const { number } of items)
    if ((await spansOfTrace(tempo.url, traceIdOf(number), 1)).size === 1) found.push(number);
  return found;
}

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
