import assert from 'node:assert/strict';
import type { Signal } from '#core/signal.ts';

/** Items in their OTLP/JSON form: spans, log records or metrics of one service. */
export interface JsonItems {
  service: string;
  items: readonly object[];
}

/** Sends one request of OTLP/JSON and fails unless it is accepted whole. */
export async function sendJson(
  otlpHttpUrl: string,
  signal: Signal,
  { items, service }: JsonItems,
): Promise<void> {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  const request = {
    traces: { resourceSpans: [{ resource, scopeSpans: [{ spans: items }] }] },
    logs: { resourceLogs: [{ resource, scopeLogs: [{ logRecords: items }] }] },
    metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: items }] }] },
  }[signal];
  const response = await fetch(`${otlpHttpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.deepEqual(JSON.parse(text), {});
}
