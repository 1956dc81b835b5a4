import type { RawJson } from '#core/exact-json.ts';

interface Red {
  requests: number;
  requestsPerSecond: number;
  errors: number;
  errorRatio: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

export interface OperationResult extends Red {
  operation: string;
  kind: string;
}

export interface ServiceResult extends Red {
  service: string;
  /** null where spans are not counted. */
  spans: number | null;
  /** null when it is known to exist, but not when it sent last. */
  lastSeenUnixNano: string | null;
  sparkline: {
    startUnixNano: string;
    stepSeconds: number;
    requests: number[];
    errors: number[];
    p95Ms: (number | null)[];
  };
  operations: OperationResult[];
  operationsTotal: number;
}

export interface ServicesResult {
  services: ServiceResult[];
  servicesTotal: number;
}

export interface MetricIdentity {
  name: string;
  description: string;
  unit: string;
  type: string;
  temporality: string;
  monotonic: boolean;
}

export interface MetricsPage {
  metrics: (MetricIdentity & { series: number; services: string[]; lastSeenUnixNano: string })[];
  nextCursor: string | null;
}

export type MetricPoint = [seconds: number, value: number | null];

export interface MetricDetail extends MetricIdentity {
  stat: string;
  stepSeconds: number;
  attributeKeys: { key: string; values: number }[];
  series: { service: string; attributes: RawJson; points: MetricPoint[] }[];
  seriesTotal: number;
  seriesLeftOut: number;
  exemplars: { timeUnixNano: string; value: number; traceId: string | null; spanId: string | null }[];
}

export interface Received {
  traces: number;
  metrics: number;
  logs: number;
}
