import { randomBytes } from 'node:crypto';

/** What one run sends, and how to find it again. */
export interface Smoke {
  /** Attribute `smoke.id` of everything that is sent. */
  id: string;
  traceId: string;
  spanId: string;
  /** Milliseconds since 1970 UTC. */
  sentAtMs: number;
}

export const SERVICE = 'signalbox-smoke';
export const COUNTER = 'signalbox.smoke.requests';
export const HISTOGRAM = 'signalbox.smoke.duration';

export function createSmoke(nowMs: number): Smoke {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  return { id: hex(6), traceId: hex(16), spanId: hex(8), sentAtMs: nowMs };
}

/** One span, one log record of that span, and two metrics of which one has an exemplar, each by the path it goes to. */
export function telemetryOf(smoke: Smoke): Record<string, object> {
  const nano = `${smoke.sentAtMs}000000`;
  const resource = { attributes: [text('service.name', SERVICE), text('service.instance.id', smoke.id)] };
  const attributes = [text('smoke.id', smoke.id)];
  const ids = { traceId: smoke.traceId, spanId: smoke.spanId };
  const span = { ...ids, name: 'smoke', kind: 2, startTimeUnixNano: nano, endTimeUnixNano: nano, attributes };
  const body = { stringValue: `smoke ${smoke.id}` };
  const log = { ...ids, timeUnixNano: nano, severityNumber: 9, severityText: 'INFO', body, attributes };
  const point = { attributes, startTimeUnixNano: nano, timeUnixNano: nano };
  const exemplar = { ...ids, timeUnixNano: nano, asDouble: 0.02 };
  return {
    '/v1/traces': { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] },
    '/v1/logs': { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [log] }] }] },
    '/v1/metrics': {
      resourceMetrics: [{ resource, scopeMetrics: [{ metrics: metricsOf(point, exemplar) }] }],
    },
  };
}

function metricsOf(point: object, exemplar: object): object[] {
  const cumulative = { aggregationTemporality: 2 };
  const sum = { ...cumulative, isMonotonic: true, dataPoints: [{ ...point, asInt: '1' }] };
  const buckets = { count: '1', sum: 0.02, bucketCounts: ['1', '0'], explicitBounds: [0.1] };
  const histogram = { ...cumulative, dataPoints: [{ ...point, ...buckets, exemplars: [exemplar] }] };
  return [
    { name: COUNTER, unit: '1', sum },
    { name: HISTOGRAM, unit: 's', histogram },
  ];
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}
