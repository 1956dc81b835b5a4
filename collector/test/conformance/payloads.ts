import { randomBytes, randomInt } from 'node:crypto';
import type { Signal } from '#core/signal.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';

export const SERVICE = 'conformance';
const LETTERS = 8;
const NANOS_IN_MS = 1_000_000n;

/** A name that no other item has: letters only, so that nothing in it looks like a secret. */
export function newName(what: string): string {
  const letters = Array.from({ length: LETTERS }, () => String.fromCharCode(97 + randomInt(26)));
  return `${what} ${letters.join('')}`;
}

/** `bytes` random bytes. */
export function newId(bytes: 8 | 16): Buffer {
  return randomBytes(bytes);
}

/** Now, in nanoseconds since 1970, with digits that a double would lose. */
export function nowNano(): bigint {
  return BigInt(Date.now()) * NANOS_IN_MS + 123_457n;
}

/** A span in the form of the reference codec: everything that must be there, then `more`. */
export function spanOf(name: string, more: Plain = {}): Plain {
  const start = nowNano();
  return {
    traceId: newId(16),
    spanId: newId(8),
    name,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1n),
    status: { code: 1 },
    ...more,
  };
}

export function logOf(text: string, more: Plain = {}): Plain {
  return { timeUnixNano: String(nowNano()), severityNumber: 9, body: { stringValue: text }, ...more };
}

/** A gauge with one point. */
export function metricOf(name: string, more: Plain = {}): Plain {
  return { name, gauge: { dataPoints: [{ timeUnixNano: String(nowNano()), asInt: '7', ...more }] } };
}

const RESOURCE = { attributes: [{ key: 'service.name', value: { stringValue: SERVICE } }] };

export function tracesOf(...spans: Plain[]): Plain {
  return { resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ scope: { name: 'test' }, spans }] }] };
}

export function logsOf(...logRecords: Plain[]): Plain {
  return { resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] };
}

export function metricsOf(...metrics: Plain[]): Plain {
  return { resourceMetrics: [{ resource: RESOURCE, scopeMetrics: [{ scope: { name: 'test' }, metrics }] }] };
}

/** A request of one item with this name. */
export const ONE: Readonly<Record<Signal, (name: string) => Plain>> = {
  traces: (name) => tracesOf(spanOf(name)),
  logs: (name) => logsOf(logOf(name)),
  metrics: (name) => metricsOf(metricOf(name)),
};

export function oneSpan(name: string): Plain {
  return ONE.traces(name);
}

/** Encodes with the OpenTelemetry project's own codec. */
export function encodeRequest(signal: Signal, request: Plain): Uint8Array {
  return encodeAs(REQUEST_NAMES[signal], request);
}

/** OTLP/JSON of a plain request: ids in hex, other bytes in base64, integers as they are (text). */
export function jsonOf(request: Plain): string {
  return JSON.stringify(request, function replace(this: Plain, key, value: unknown) {
    const own = this[key];
    if (!(own instanceof Uint8Array)) return value;
    return Buffer.from(own).toString(/(trace|span)Id$/i.test(key) ? 'hex' : 'base64');
  });
}
