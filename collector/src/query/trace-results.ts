import type { RawJson } from '#core/exact-json.ts';
import type { LogResult, ResourceResult, ScopeResult } from './log-results.ts';

export interface TracesPage {
  traces: {
    traceId: string;
    rootService: string;
    rootOperation: string;
    rootMissing: boolean;
    startTimeUnixNano: string;
    durationNano: number;
    spans: number;
    errors: number;
    matchedSpanId: string;
    services: { service: string; spans: number; errors: number }[];
  }[];
  nextCursor: string | null;
}

export interface SpanResult {
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: string;
  service: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  durationNano: number;
  clockOffsetNano: number;
  statusCode: string;
  statusMessage: string;
  traceState: string;
  flags: number;
  attributes: RawJson;
  droppedAttributesCount: number;
  events: RawJson;
  droppedEventsCount: number;
  links: RawJson;
  droppedLinksCount: number;
  resource: number;
  scope: number;
}

export interface TraceDetail {
  traceId: string;
  startTimeUnixNano: string;
  durationNano: number;
  spans: SpanResult[];
  spansTotal: number;
  resources: ResourceResult[];
  scopes: ScopeResult[];
  logs: LogResult[];
  logsTotal: number;
  /** Why the logs could not be read, in words for people; null when they were. */
  logsProblem: string | null;
}
