import type { LogsPage, LogTail } from './log-results.ts';
import type { LogFilters, MetricRequest, Page, SpanFilters, TimeRange } from './requests.ts';
import type { MetricDetail, MetricsPage, Received, ServicesResult } from './results.ts';
import type { TraceDetail, TracesPage } from './trace-results.ts';

/**
 * What the API asks. One back end answers from the embedded store; another can answer from the engines.
 * Every method stops when `signal` aborts. Results have the shapes of api/schemas, attributes as raw JSON.
 */
export interface Query {
  services(
    request: { range: TimeRange; service: string | null; points: number },
    signal: AbortSignal,
  ): Promise<ServicesResult>;
  traces(
    request: { range: TimeRange; filters: SpanFilters; page: Page },
    signal: AbortSignal,
  ): Promise<TracesPage>;
  /** null when no span has this trace id. */
  trace(traceId: string, signal: AbortSignal): Promise<TraceDetail | null>;
  logs(
    request: { range: TimeRange; filters: LogFilters; page: Page },
    signal: AbortSignal,
  ): Promise<LogsPage>;
  /** Follows log records that arrive from now on. */
  tailLogs(filters: LogFilters): LogTail;
  metrics(
    request: { range: TimeRange; q: string | null; service: string | null; page: Page },
    signal: AbortSignal,
  ): Promise<MetricsPage>;
  /** null when no series of this name has a point in the range. */
  metric(request: MetricRequest, signal: AbortSignal): Promise<MetricDetail | null>;
  /** What apps have sent, each counted up to 1,000. */
  received(signal: AbortSignal): Promise<Received>;
}
