import type { Signal } from '#core/signal.ts';
import type { EngineStack } from '../support/engine-stack/start-engine.ts';
import { linesIn } from './ask-loki.ts';
import { samplesOf } from './ask-prometheus.ts';
import { spansOfTrace } from './ask-tempo.ts';
import { hexId, type NumberedItem, type NumberedLoad, SERVICE } from './numbered-load.ts';

/** What of a load an engine has. */
export interface Found {
  acknowledged: number;
  /** Ids of acknowledged items that it does not have. */
  missing: number[];
  /** Items that it has more than once, counted as often as that is too often. */
  duplicates: number;
}

/** Asks the engine of each signal for every acknowledged item of a load that began at `startedMs`. */
export async function findItems(
  { loki, prometheus, tempo }: EngineStack,
  { acked }: NumberedLoad,
  startedMs: number,
): Promise<Record<Signal, Found>> {
  const toMs = Date.now() + 60_000;
  const lines = await linesIn(loki.url, `{service_name="${SERVICE}"}`, { fromMs: startedMs, toMs });
  const bodies = lines.map(({ body, labels, timeUnixNano }) =>
    key(Number(body.replace('number ', '')), labels.trace_id, BigInt(timeUnixNano) / 1_000_000n),
  );
  const seconds = Math.ceil((toMs - startedMs) / 1000) + 1;
  const samples = await samplesOf(prometheus.url, `{job="${SERVICE}",series!=""}`, { seconds, toMs });
  const values = samples.map(({ series, timeMs, value }) =>
    key(value, /series=(\d)/.exec(series)![1], timeMs),
  );
  return {
    traces: await findSpans(tempo.url, acked.traces),
    logs: compare(acked.logs, ({ id, timeMs, traceId }) => key(id, traceId, timeMs), bodies),
    metrics: compare(acked.metrics, ({ id, series, timeMs }) => key(id, series, timeMs), values),
  };
}

function key(...parts: unknown[]): string {
  return parts.join(' ');
}

function compare(
  items: readonly NumberedItem[],
  keyOf: (item: NumberedItem) => string,
  found: readonly string[],
): Found {
  const distinct = new Set(found);
  const missing = items.filter((item) => !distinct.has(keyOf(item))).map(({ id }) => id);
  return { acknowledged: items.length, missing, duplicates: found.length - distinct.size };
}

async function findSpans(tempoUrl: string, items: readonly NumberedItem[]): Promise<Found> {
  const found: string[] = [];
  for (const [traceId, own] of Map.groupBy(items, (item) => item.traceId)) {
    const spans = await spansOfTrace(tempoUrl, traceId, own.length);
    for (const [spanId, count] of spans) found.push(...Array(count).fill(key(traceId, spanId)));
  }
  return compare(items, ({ id, traceId }) => key(traceId, hexId(id)), found);
}
