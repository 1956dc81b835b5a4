import type { IncomingHttpHeaders } from 'node:http2';
import type { Signal } from '#core/signal.ts';
import type { Compression } from '../otlp/read-body.ts';
import type { GrpcStatus } from './grpc-status.ts';

/** What the headers say about an export call that may go on. */
export interface CallHead {
  signal: Signal;
  /** Of a message whose prefix says that it is compressed. */
  compression: Compression;
  /** How long the caller waits; null when it does not say. */
  timeoutMs: number | null;
}

export type CallJudged =
  | { kind: 'export'; head: CallHead }
  | { kind: 'health' }
  | { kind: 'refused'; status: GrpcStatus }
  /** Not gRPC, so the answer is one of HTTP. */
  | { kind: 'not_grpc'; httpStatus: number; message: string };

const SERVICES: Readonly<Record<string, Signal>> = {
  'opentelemetry.proto.collector.trace.v1.TraceService': 'traces',
  'opentelemetry.proto.collector.metrics.v1.MetricsService': 'metrics',
  'opentelemetry.proto.collector.logs.v1.LogsService': 'logs',
};
export const SERVICE_NAMES: ReadonlySet<string> = new Set(Object.keys(SERVICES));
const SIGNALS_BY_PATH = new Map(
  Object.entries(SERVICES).map(([service, signal]) => [`/${service}/Export`, signal]),
);
const HEALTH_CHECK = '/grpc.health.v1.Health/Check';
const COMPRESSIONS = ['identity', 'gzip', 'zstd'] as const;
export const ACCEPTED_ENCODINGS = COMPRESSIONS.join(',');

/** Milliseconds of the units of `grpc-timeout`. */
const UNITS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

export function signalOfCall(path: string): Signal | null {
  return SIGNALS_BY_PATH.get(path) ?? null;
}

/**
 * Judges a call by its headers alone, before a byte of its message is read. Rules: gRPC over HTTP2, "Requests", and
 * gRPC compression, which says UNIMPLEMENTED for an encoding that is not known.
 */
export function judgeCall(headers: IncomingHttpHeaders): CallJudged {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (!mediaType.startsWith('application/grpc')) {
    const message =
      'this is the port of OTLP over gRPC; OTLP over HTTP has its own, 4318 by default (OTEL_EXPORTER_OTLP_PROTOCOL)';
    return { kind: 'not_grpc', httpStatus: 415, message };
  }
  if (headers[':method'] !== 'POST')
    return { kind: 'not_grpc', httpStatus: 405, message: 'gRPC calls are POST' };
  if (mediaType !== 'application/grpc' && mediaType !== 'application/grpc+proto') {
    return unimplemented('messages are protobuf: send application/grpc or application/grpc+proto');
  }
  const path = headers[':path'] ?? '';
  if (path === HEALTH_CHECK) return { kind: 'health' };
  const signal = signalOfCall(path);
  if (signal === null) {
    return unimplemented(
      `nothing is at ${shorten(path)}; there is Export of ${[...SERVICE_NAMES].join(', ')}`,
    );
  }
  const coding = textOf(headers['grpc-encoding']) || 'identity';
  const compression = COMPRESSIONS.find((known) => known === coding);
  if (compression === undefined) {
    return unimplemented(
      `grpc-encoding '${shorten(coding)}' is not supported; ${ACCEPTED_ENCODINGS.replaceAll(',', ', ')} are`,
    );
  }
  return {
    kind: 'export',
    head: { signal, compression, timeoutMs: timeoutOf(textOf(headers['grpc-timeout'])) },
  };
}

function unimplemented(message: string): CallJudged {
  return { kind: 'refused', status: { code: 'UNIMPLEMENTED', message } };
}

function textOf(value: string | string[] | undefined): string {
  return String(value ?? '').trim();
}

/** gRPC over HTTP2, "Timeout": up to 8 digits and a unit. What cannot be read is as good as not said. */
function timeoutOf(text: string): number | null {
  const match = /^(\d{1,8})([HMSmun])$/.exec(text);
  return match === null ? null : Math.ceil(Number(match[1]) * UNITS[match[2]!]!);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
