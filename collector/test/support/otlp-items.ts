import type { Signal } from '#core/signal.ts';
import { decodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { LOAD_SERVICE } from './load-payload.ts';

/** What a request holds, read with the codec that is not ours. */
export interface RequestItems {
  /** Ids of the load's own items in their order, duplicates included. */
  ids: number[];
  /** Items of other services, as of the collector itself. */
  foreign: number;
}

type Envelope = { resource?: { attributes: { key: string; value: { stringValue?: string } }[] } } & Plain;

const NAMES: Record<Signal, [envelopes: string, scopes: string]> = {
  traces: ['resourceSpans', 'scopeSpans'],
  logs: ['resourceLogs', 'scopeLogs'],
  metrics: ['resourceMetrics', 'scopeMetrics'],
};

/** Throws when `bytes` are no request of this signal. */
export function readItems(signal: Signal, bytes: Uint8Array): RequestItems {
  const [envelopes, scopes] = NAMES[signal];
  const found: RequestItems = { ids: [], foreign: 0 };
  for (const envelope of decodeAs(REQUEST_NAMES[signal], bytes)[envelopes] as Envelope[]) {
    const items = (envelope[scopes] as Plain[]).flatMap((scope) => ITEMS[signal](scope));
    if (isOfLoad(envelope)) for (const item of items) found.ids.push(ID[signal](item));
    else found.foreign += items.length;
  }
  return found;
}

function isOfLoad({ resource }: Envelope): boolean {
  return (resource?.attributes ?? []).some(
    ({ key, value }) => key === 'service.name' && value.stringValue === LOAD_SERVICE,
  );
}

const ITEMS: Record<Signal, (scope: Plain) => Plain[]> = {
  traces: (scope) => scope.spans as Plain[],
  logs: (scope) => scope.logRecords as Plain[],
  metrics: (scope) => (scope.metrics as Plain[]).flatMap(pointsOf),
};

function pointsOf(metric: Plain): Plain[] {
  const kinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];
  return kinds.flatMap((kind) => (metric[kind] as { dataPoints?: Plain[] } | undefined)?.dataPoints ?? []);
}

const ID: Record<Signal, (item: Plain) => number> = {
  traces: ({ spanId }) => Number.parseInt(Buffer.from(spanId as number[]).toString('hex'), 16),
  logs: ({ body }) => Number.parseInt((body as { stringValue: string }).stringValue.slice(0, 16), 16),
  metrics: ({ asInt }) => Number(asInt),
};
