import assert from 'node:assert/strict';
import type { MetricsResponse } from '#api/schemas/metrics.ts';
import { createApiReader } from '../support/api-reader.ts';
import type { Signalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

/** What each sender sends; its README says the same in words. */
export const SENT = { traces: 5, logs: 4, orders: 3 };

const orderIds = (count: number) => Array.from({ length: count }, (_, index) => `order-${index + 1}`);
const idOf = ({ attributes }: { attributes: unknown }) => (attributes as Record<string, unknown>)['order.id'];

/** Waits for the items of one sender and holds each of them against what was sent: all of them, each one once. */
export async function checkItems(signalbox: Signalbox, service: string): Promise<void> {
  const api = createApiReader(signalbox);
  const summaries = await until(`the spans of ${service}`, async () => {
    const found = await api.traces({ service, operation: 'order' });
    return found.length >= SENT.traces ? found : undefined;
  });
  const traces = await Promise.all(summaries.map(({ traceId }) => api.trace(traceId)));
  const spans = traces.flatMap((trace) => trace!.spans);
  assert.deepEqual(spans.map(idOf).sort(), orderIds(SENT.traces));

  const logs = await until(`the log records of ${service}`, async () => {
    const found = await api.logs({ service });
    return found.length >= SENT.logs ? found : undefined;
  });
  assert.deepEqual(logs.map(idOf).sort(), orderIds(SENT.logs));
  assert.deepEqual(
    logs.map(({ body }) => body).sort(),
    orderIds(SENT.logs).map((id) => id.replace('-', ' ')),
  );

  const metric = await until(`the metric of ${service}`, async () => {
    const found = await api.metric('orders', { service, stat: 'value' });
    return found && found.series.length >= SENT.orders ? found : undefined;
  });
  const values = metric.series.map((series) => [idOf(series), series.points.findLast(isThere)?.[1]]);
  assert.deepEqual(
    values.sort(),
    orderIds(SENT.orders).map((id, index) => [id, index + 1]),
  );
}

/** Series of all metrics of the service, those that an SDK makes of itself included: as many points as were sent once. */
export async function countSeries(signalbox: Signalbox, service: string): Promise<number> {
  const response = await signalbox.fetchApi(`/api/v1/metrics?${new URLSearchParams({ service })}`);
  const { metrics } = (await response.json()) as MetricsResponse;
  return metrics.reduce((sum, { series }) => sum + series, 0);
}

function isThere([, value]: readonly [number, number | null, ...unknown[]]): boolean {
  return value !== null;
}
