import assert from 'node:assert/strict';
import type { LogRecord, LogsResponse } from '#api/schemas/logs.ts';
import type { MetricResponse } from '#api/schemas/metrics.ts';
import type { ServicesResponse } from '#api/schemas/services.ts';
import type { TraceResponse, TracesResponse } from '#api/schemas/traces.ts';
import type { Signalbox } from './start-signalbox.ts';

/** Reads through the HTTP API, all pages; every answer but 200 (and 404 of one thing) fails the test. */
export interface ApiReader {
  services(): Promise<ServicesResponse['services']>;
  /** By trace id; undefined when it is not there. */
  trace(traceId: string): Promise<TraceResponse | undefined>;
  /** Every summary that meets the filters, as in `{ kind: 'SERVER' }`. */
  traces(filters: Record<string, string>): Promise<TracesResponse['traces']>;
  logs(filters: Record<string, string>): Promise<LogRecord[]>;
  metric(name: string, filters: Record<string, string>): Promise<MetricResponse | undefined>;
}

const aheadMs = 60_000;

/** Ranges reach from an hour ago to a minute ahead, for senders whose clock is ahead. */
export function createApiReader(signalbox: Signalbox): ApiReader {
  async function get<T>(path: string, filters: Record<string, string> = {}): Promise<T | undefined> {
    const query = new URLSearchParams({ to: new Date(Date.now() + aheadMs).toISOString(), ...filters });
    const response = await signalbox.fetchApi(path.startsWith('/api/v1/traces/') ? path : `${path}?${query}`);
    if (response.status === 404) return undefined;
    const text = await response.text();
    assert.equal(response.status, 200, `${path}: ${text}`);
    return JSON.parse(text) as T;
  }
  async function all<R extends { nextCursor: string | null }, T>(
    path: string,
    filters: Record<string, string>,
    itemsOf: (page: R) => T[],
  ): Promise<T[]> {
    const items: T[] = [];
    const to = new Date(Date.now() + aheadMs).toISOString();
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: R = (await get<R>(path, { to, limit: '1000', ...filters, ...(cursor ? { cursor } : {}) }))!;
      items.push(...itemsOf(page));
      cursor = page.nextCursor;
    }
    return items;
  }
  return {
    services: async () => (await get<ServicesResponse>('/api/v1/services'))!.services,
    trace: (traceId) => get<TraceResponse>(`/api/v1/traces/${traceId}`),
    traces: (filters) =>
      all<TracesResponse, TracesResponse['traces'][number]>('/api/v1/traces', filters, (page) => page.traces),
    logs: (filters) => all<LogsResponse, LogRecord>('/api/v1/logs', filters, (page) => page.logs),
    metric: (name, filters) => get<MetricResponse>(`/api/v1/metrics/${encodeURIComponent(name)}`, filters),
  };
}
