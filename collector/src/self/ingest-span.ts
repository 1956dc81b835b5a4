import {
  type Attributes,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { IngestRequest } from './ingest-observer.ts';
import { parseTraceparent } from './traceparent.ts';

/**
 * Records an ingest request as a span, after the fact: it has ended, and only sampled ones cost anything. Attributes
 * are those of the semantic conventions for HTTP, or for gRPC when the status is the name of a code.
 */
export function recordIngestSpan(tracer: Tracer, request: IngestRequest): void {
  const parent = parseTraceparent(request.traceparent);
  const sampledParent = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const endMs = Date.now();
  const { name, attributes, isError } =
    typeof request.status === 'string'
      ? describeGrpc(request, request.status)
      : describeHttp(request, request.status);
  const startTime = endMs - request.durationMs;
  const span = tracer.startSpan(
    name,
    {
      kind: SpanKind.SERVER,
      startTime,
      attributes: {
        ...attributes,
        'signalbox.items': request.items,
        'signalbox.rejected': request.rejected,
      },
    },
    sampledParent,
  );
  if (isError) span.setStatus({ code: SpanStatusCode.ERROR, message: request.reason ?? '' });
  span.end(endMs);
}

interface Described {
  name: string;
  attributes: Attributes;
  isError: boolean;
}

function describeHttp({ bodyBytes, method, path, signal }: IngestRequest, status: number): Described {
  return {
    name: signal === null ? method : `${method} ${path}`,
    attributes: {
      'http.request.method': method,
      'url.path': path,
      ...(signal === null ? {} : { 'http.route': path }),
      'http.response.status_code': status,
      'http.request.body.size': bodyBytes,
    },
    isError: status >= 500,
  };
}

/** Codes that are an error of a server (semantic conventions, "gRPC server"). */
const SERVER_ERRORS = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

function describeGrpc({ path, signal }: IngestRequest, status: string): Described {
  const method = path.slice(1);
  return {
    name: signal === null ? '_OTHER' : method,
    attributes: {
      'rpc.system.name': 'grpc',
      ...(signal === null
        ? { 'rpc.method': '_OTHER', 'rpc.method_original': method }
        : { 'rpc.method': method }),
      'rpc.response.status_code': status,
    },
    isError: SERVER_ERRORS.has(status),
  };
}
