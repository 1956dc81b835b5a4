import type { Clock } from '#core/clock.ts';
import type { Query } from '../query.ts';
import type { TimeRange } from '../requests.ts';
import { clipRange } from '../time-windows.ts';
import type { EnginesConfig } from './config.ts';
import { withDeadline } from './deadline.ts';
import { createEngineClient, type EngineClientConfig, type Fetch } from './engine-client.ts';
import { findServices } from './known-services.ts';
import { createLogTail } from './loki/log-tail.ts';
import { readLogs } from './loki/logs.ts';
import { createLokiClient } from './loki/loki-client.ts';
import { readMetric } from './prometheus/metric-detail.ts';
import { readMetrics } from './prometheus/metrics.ts';
import { createPrometheusClient } from './prometheus/prometheus-client.ts';
import { HTTP_SERVER_REQUESTS } from './prometheus/request-metrics.ts';
import { readServices } from './prometheus/services.ts';
import { readReceived } from './received.ts';
import { readTraces } from './tempo/traces.ts';
import { readTrace } from './trace-detail.ts';

export interface EnginesQueryDeps {
  clock: Clock;
  /** Of one request of ours, to however many of the engines it leads. Default 20 s. */
  timeoutMs?: number;
  fetch?: Fetch;
}

const TIMEOUT_MS = 20_000;

/**
 * Answers queries from Tempo, Loki and Prometheus. Throws EngineError when one of them does not answer, or when all that
 * a request needs takes too long.
 */
export function createEnginesQuery(
  config: Pick<EnginesConfig, 'tempo_url' | 'loki_url' | 'prometheus_url'> &
    Partial<Pick<EnginesConfig, 'tenants'>>,
  { clock, timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch }: EnginesQueryDeps,
): Query {
  const clientOf = (name: EngineClientConfig['name'], url: string) =>
    createEngineClient({ name, url, timeoutMs, tenants: config.tenants ?? [] }, { fetch });
  const tempo = clientOf('Tempo', config.tempo_url);
  const loki = createLokiClient(clientOf('Loki', config.loki_url));
  const prometheus = createPrometheusClient(clientOf('Prometheus', config.prometheus_url));
  const engines = { tempo, loki, prometheus, clock };
  const inTime = <R, T>(work: (request: R, signal: AbortSignal) => Promise<T>) => {
    return (request: R, reader: AbortSignal) =>
      withDeadline((signal) => work(request, signal), { signal: reader, timeoutMs });
  };
  const kept = <R extends { range: TimeRange }>(request: R): R => {
    return { ...request, range: clipRange(request.range, clock()) };
  };
  return {
    services: inTime((request, signal) => {
      const known = findServices(engines, request.range, signal);
      const parts = { client: prometheus, metrics: HTTP_SERVER_REQUESTS, known };
      return readServices(parts, request, signal);
    }),
    traces: inTime((request, signal) => readTraces(tempo, kept(request), signal)),
    trace: inTime((traceId, signal) => readTrace(engines, traceId, signal)),
    logs: inTime((request, signal) => readLogs(loki, kept(request), signal)),
    tailLogs: (filters) => createLogTail(loki, filters, clock),
    metrics: inTime((request, signal) => readMetrics(prometheus, request, signal)),
    metric: inTime((request, signal) => readMetric(prometheus, request, signal)),
    received: (signal) => inTime((_: null, inner) => readReceived(engines, inner))(null, signal),
  };
}
