import assert from 'node:assert/strict';
import type { Signal } from '#core/signal.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';

/** What an engine answered; never thrown, so that tests can look at refusals. */
export interface EngineAnswer {
  status: number;
  text: string;
}

/** Sends one OTLP request as protobuf straight to an engine; `url` without the path that the signal adds. */
export function sendToEngine(url: string, signal: Signal, request: Plain): Promise<EngineAnswer> {
  return ask(`${url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeAs(REQUEST_NAMES[signal], request)),
  });
}

export async function ask(url: string, init?: RequestInit): Promise<EngineAnswer> {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
}

/** The JSON of an answer that must be 200. */
export async function askJson<T>(url: string): Promise<T> {
  const { status, text } = await ask(url);
  assert.equal(status, 200, `${url}: ${text}`);
  return JSON.parse(text) as T;
}

/** Lines that Loki finds for a LogQL selector between two times, in no order. */
export async function lokiLines(
  lokiUrl: string,
  query: { selector: string; fromUnixMs: number; toUnixMs: number },
): Promise<string[]> {
  const parameters = new URLSearchParams({
    query: query.selector,
    start: toNanoseconds(query.fromUnixMs),
    end: toNanoseconds(query.toUnixMs),
    limit: '5000',
  });
  const { data } = await askJson<{ data: { result: { values: [string, string][] }[] } }>(
    `${lokiUrl}/loki/api/v1/query_range?${parameters}`,
  );
  return data.result.flatMap(({ values }) => values.map(([, line]) => line));
}

/** What PromQL gives at a time: values by their labels as JSON with sorted keys. */
export async function prometheusValues(
  prometheusUrl: string,
  query: { expression: string; atUnixMs: number },
): Promise<Map<string, number>> {
  const parameters = new URLSearchParams({
    query: query.expression,
    time: String(query.atUnixMs / 1000),
  });
  const { data } = await askJson<{
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  }>(`${prometheusUrl}/api/v1/query?${parameters}`);
  return new Map(
    data.result.map(({ metric, value }) => [
      JSON.stringify(Object.fromEntries(Object.entries(metric).sort())),
      Number(value[1]),
    ]),
  );
}

/** Log records of one service. */
export function logRequest(service: string, lines: readonly { body: string; unixMs: number }[]): Plain {
  const logRecords = lines.map(({ body, unixMs }) => ({
    timeUnixNano: toNanoseconds(unixMs),
    severityNumber: 9,
    body: { stringValue: body },
  }));
  return { resourceLogs: [{ resource: resourceOf(service), scopeLogs: [{ logRecords }] }] };
}

/** Points of one gauge. */
export function gaugeRequest(
  gauge: { service: string; name: string },
  points: readonly { value: number; unixMs: number }[],
): Plain {
  const dataPoints = points.map(({ value, unixMs }) => ({
    timeUnixNano: toNanoseconds(unixMs),
    asDouble: value,
  }));
  const metrics = [{ name: gauge.name, gauge: { dataPoints } }];
  return { resourceMetrics: [{ resource: resourceOf(gauge.service), scopeMetrics: [{ metrics }] }] };
}

/** One span that is a trace of its own; `traceId` in hexadecimal. */
export function spanRequest(
  service: string,
  span: { traceId: string; unixMs: number; attributes?: Record<string, string> },
): Plain {
  const spans = [
    {
      traceId: Buffer.from(span.traceId, 'hex'),
      spanId: Buffer.from(span.traceId, 'hex').subarray(0, 8),
      name: 'work',
      kind: 2,
      startTimeUnixNano: toNanoseconds(span.unixMs),
      endTimeUnixNano: toNanoseconds(span.unixMs + 10),
      attributes: attributesOf(span.attributes ?? {}),
    },
  ];
  return { resourceSpans: [{ resource: resourceOf(service), scopeSpans: [{ spans }] }] };
}

function resourceOf(service: string): Plain {
  return { attributes: attributesOf({ 'service.name': service, 'service.instance.id': `${service}-1` }) };
}

function attributesOf(texts: Record<string, string>): Plain[] {
  return Object.entries(texts).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function toNanoseconds(unixMs: number): string {
  return String(BigInt(Math.round(unixMs)) * 1_000_000n);
}
