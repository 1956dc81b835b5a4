import type { Clock } from '#core/clock.ts';
import { readQuery } from '#store/sql-files.ts';
import type { Query } from '../query.ts';
import type { StoreReads } from './context.ts';
import { createLogTail } from './log-tail.ts';
import { readLogs } from './logs.ts';
import { readMetric } from './metric-detail.ts';
import { readMetrics } from './metrics.ts';
import { readServices } from './services.ts';
import { readTrace } from './trace-detail.ts';
import { readTraces } from './traces.ts';

const RECEIVED = readQuery('received');

/** Answers queries from the embedded store. */
export function createStoreQuery(store: StoreReads, clock: Clock): Query {
  return {
    services: (request, signal) => readServices(store, request, signal),
    traces: (request, signal) => readTraces(store, request, signal),
    trace: (traceId, signal) => readTrace(store, traceId, signal),
    logs: (request, signal) => readLogs(store, request, signal),
    tailLogs: (filters) => createLogTail(store, filters, clock()),
    metrics: (request, signal) => readMetrics(store, request, signal),
    metric: (request, signal) => readMetric(store, request, signal),
    async received(signal) {
      const [row] = await store.read(RECEIVED, {}, signal);
      return { traces: Number(row?.traces), metrics: Number(row?.metrics), logs: Number(row?.logs) };
    },
  };
}
