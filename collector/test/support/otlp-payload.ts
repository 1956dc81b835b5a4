import assert from 'node:assert/strict';
import type { Payload } from '#core/payload.ts';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';

/** Integers are bigints, doubles are numbers. */
export type Value = string | number | bigint | boolean | null | Uint8Array | readonly Value[] | ValueMap;
export interface ValueMap {
  [key: string]: Value;
}

/** What all items of a request share. */
export interface From {
  service?: string;
  resource?: ValueMap;
  scope?: string;
  /** Nanoseconds since 1970; else the arrival is the epoch of the tests. */
  arrived?: bigint;
}

export interface SpanInput {
  trace: string;
  span: string;
  start: bigint;
  end?: bigint;
  parent?: string;
  name?: string;
  kind?: number;
  status?: number;
  attributes?: ValueMap;
  /** Further fields in their OTLP/JSON form. */
  more?: object;
}

export interface LogInput {
  time?: bigint;
  body?: Value;
  severity?: number;
  trace?: string;
  span?: string;
  attributes?: ValueMap;
  more?: object;
}

/** 2026-03-04T05:06:07Z in nanoseconds. */
export const EPOCH = 1_772_600_767_000_000_000n;
export const SECOND = 1_000_000_000n;

/** A payload as the receiver would hand it on, made from an OTLP/JSON object that may hold bigints. */
export function payloadOf(signal: Signal, request: object, arrived: bigint = EPOCH): Payload {
  const json = JSON.stringify(request, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  const transcoded = jsonToProtobuf(signal, Buffer.from(json));
  assert.ok(transcoded.ok, transcoded.ok ? '' : transcoded.message);
  return payloadOfBytes(signal, transcoded.bytes, arrived);
}

/** A payload as the receiver would hand it on, of a valid request in protobuf. */
export function payloadOfBytes(signal: Signal, bytes: Uint8Array, arrived: bigint = EPOCH): Payload {
  const checked = checkRequest(signal, bytes);
  assert.ok(checked.ok && checked.rejected === 0, JSON.stringify({ ...checked, bytes: undefined }));
  const { ok: _ok, reason: _reason, rejected: _rejected, ...described } = checked;
  return {
    signal,
    tenant: '',
    gzip: null,
    ...described,
    receivedUnixNano: arrived,
    source: 'otlp_http',
  };
}

export function tracesPayload(from: From, spans: readonly SpanInput[]): Payload {
  const scopeSpans = [{ scope: scopeOf(from), spans: spans.map(spanJson) }];
  return payloadOf('traces', { resourceSpans: [{ resource: resourceOf(from), scopeSpans }] }, from.arrived);
}

export function logsPayload(from: From, logs: readonly LogInput[]): Payload {
  const scopeLogs = [{ scope: scopeOf(from), logRecords: logs.map(logJson) }];
  return payloadOf('logs', { resourceLogs: [{ resource: resourceOf(from), scopeLogs }] }, from.arrived);
}

/** `metrics` in their OTLP/JSON form. */
export function metricsPayload(from: From, metrics: readonly object[]): Payload {
  const scopeMetrics = [{ scope: scopeOf(from), metrics }];
  return payloadOf(
    'metrics',
    { resourceMetrics: [{ resource: resourceOf(from), scopeMetrics }] },
    from.arrived,
  );
}

/** Attributes in their OTLP/JSON form. */
export function keyValues(attributes: ValueMap = {}): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value): object {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: Number.isFinite(value) ? value : String(value) };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value as ValueMap) } };
}

function resourceOf({ resource = {}, service }: From): object {
  return {
    attributes: keyValues({ ...(service === undefined ? {} : { 'service.name': service }), ...resource }),
  };
}

function scopeOf({ scope }: From): object {
  return scope === undefined ? {} : { name: scope };
}

function spanJson(input: SpanInput): object {
  return {
    traceId: input.trace,
    spanId: input.span,
    parentSpanId: input.parent,
    name: input.name ?? 'work',
    kind: input.kind ?? 1,
    startTimeUnixNano: input.start,
    endTimeUnixNano: input.end ?? input.start,
    status: { code: input.status ?? 0 },
    attributes: keyValues(input.attributes),
    ...input.more,
  };
}

function logJson(input: LogInput): object {
  return {
    timeUnixNano: input.time,
    body: input.body === undefined ? undefined : anyValue(input.body),
    severityNumber: input.severity,
    traceId: input.trace,
    spanId: input.span,
    attributes: keyValues(input.attributes),
    ...input.more,
  };
}
