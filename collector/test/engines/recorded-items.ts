import assert from 'node:assert/strict';
import type { Plain } from '#otlp/testing/reference.ts';

export type Attributes = { key: string; value: Record<string, unknown> }[];

export interface RecordedSpan {
  service: string;
  traceId: string;
  spanId: string;
}

export interface RecordedLog {
  service: string;
  timeUnixNano: string;
  body: string;
  /** Empty when it is of no trace. */
  traceId: string;
}

interface Envelope {
  resource?: { attributes: Attributes };
}

/** All spans of recorded requests, with their service. */
export function spansIn(requests: readonly Plain[]): RecordedSpan[] {
  type Resource = Envelope & { scopeSpans: { spans: { traceId: number[]; spanId: number[] }[] }[] };
  return requests
    .flatMap(({ resourceSpans }) => resourceSpans as Resource[])
    .flatMap((envelope) => {
      const service = attributeOf(envelope, 'service.name');
      const spans = envelope.scopeSpans.flatMap((scope) => scope.spans);
      return spans.map(({ spanId, traceId }) => ({ service, traceId: hex(traceId), spanId: hex(spanId) }));
    });
}

/** All log records of recorded requests. Fails on a body that is no text. */
export function logsIn(requests: readonly Plain[]): RecordedLog[] {
  interface Log {
    timeUnixNano: string;
    traceId: number[];
    body: { stringValue?: string };
  }
  type Resource = Envelope & { scopeLogs: { logRecords: Log[] }[] };
  return requests
    .flatMap(({ resourceLogs }) => resourceLogs as Resource[])
    .flatMap((envelope) => {
      const service = attributeOf(envelope, 'service.name');
      const logs = envelope.scopeLogs.flatMap((scope) => scope.logRecords);
      return logs.map(({ body, timeUnixNano, traceId }) => {
        assert.ok(body.stringValue !== undefined, `a body of ${service} is no text`);
        return { service, timeUnixNano, body: body.stringValue, traceId: hex(traceId) };
      });
    });
}

/** A resource's attribute as text; empty when it has none of that name. */
export function attributeOf({ resource }: Envelope, name: string): string {
  const found = resource?.attributes.find(({ key }) => key === name);
  return found === undefined ? '' : String(Object.values(found.value)[0]);
}

function hex(bytes: number[]): string {
  return Buffer.from(bytes).toString('hex');
}
