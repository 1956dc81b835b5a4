import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { roundMs } from './ingest-summary.ts';
import type { Logger } from './log-record.ts';
import type { Metrics } from './metrics.ts';
import { parseTraceparent } from './traceparent.ts';

export interface HttpObserverConfig {
  /** Share of requests without a `traceparent` that are traced; with one, its decision is followed. */
  traceSampleRatio: number;
  /** Routes that machines ask all the time: successes are logged at debug and not traced. */
  isQuietRoute(route: string): boolean;
}

export interface HttpObserverDeps {
  logger: Logger;
  metrics: Metrics;
  /** Who asks: a word such as `operator`, `machine` or `anonymous`, never a secret. */
  consumerOf(request: FastifyRequest): string;
  /** From 0 up to, not including, 1. */
  random(): number;
}

interface Started {
  atMs: number;
  span: Span | null;
  context: Context;
  responseBytes: number | null;
}

const UNMATCHED_ROUTE = 'unmatched';
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Watches all requests of a fastify server: one log line after each has ended (also when the client left,
 * status 499), one observation of its duration, and a SERVER span when sampled, which is active in handlers.
 * Neither bodies nor queries are kept. Call it before the routes are registered.
 */
export function observeHttp(app: FastifyInstance, config: HttpObserverConfig, deps: HttpObserverDeps): void {
  const started = new WeakMap<FastifyRequest, Started>();

  app.addHook('onRequest', (request, reply, next) => {
    const entry = startRequest(config, deps, request);
    started.set(request, entry);
    reply.raw.once('close', () => finish(request, reply, entry));
    context.with(entry.context, next);
  });

  // Reading a body leaves the context of the first hook, so it is entered again.
  app.addHook('preHandler', (request, _reply, next) => {
    context.with(started.get(request)?.context ?? ROOT_CONTEXT, next);
  });

  app.addHook('onError', async (request, _reply, error) => {
    started.get(request)?.span?.recordException(error);
  });

  app.addHook('onSend', async (request, _reply, payload) => {
    const entry = started.get(request);
    if (entry !== undefined) entry.responseBytes = sizeOf(payload);
    return payload;
  });

  function finish(request: FastifyRequest, reply: FastifyReply, entry: Started): void {
    const durationMs = performance.now() - entry.atMs;
    const status = reply.raw.writableFinished ? reply.raw.statusCode : 499;
    const method = KNOWN_METHODS.has(request.method) ? request.method : '_OTHER';
    const route = routeOf(request);
    deps.metrics.observeHttpRequest({ method, route, status, durationSeconds: durationMs / 1000 });
    log(request, entry, { method, route, status, durationMs: roundMs(durationMs) });
    if (entry.span !== null) endSpan(entry.span, { method, route, status });
  }

  function log(
    request: FastifyRequest,
    entry: Started,
    facts: Record<string, unknown> & { status: number },
  ): void {
    const isQuiet = facts.status < 400 && config.isQuietRoute(routeOf(request));
    const level = facts.status >= 500 ? 'error' : isQuiet ? 'debug' : 'info';
    deps.logger[level]('api request', {
      ...facts,
      requestBytes: Number(request.headers['content-length'] ?? 0),
      ...(entry.responseBytes === null ? {} : { responseBytes: entry.responseBytes }),
      consumer: deps.consumerOf(request),
      ...idsOf(entry.span),
    });
  }
}

function startRequest(config: HttpObserverConfig, deps: HttpObserverDeps, request: FastifyRequest): Started {
  const parent = parseTraceparent(request.headers.traceparent as string | undefined);
  const parentContext = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const isSampled =
    parent === null
      ? deps.random() < config.traceSampleRatio
      : (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
  const isQuiet = config.isQuietRoute(routeOf(request));
  const entry: Started = { atMs: performance.now(), span: null, context: ROOT_CONTEXT, responseBytes: null };
  if (!isSampled || isQuiet) return entry;
  const span = trace.getTracer('signalbox').startSpan(
    request.method,
    {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': request.method, 'url.path': request.url.split('?', 1)[0] ?? '' },
    },
    parentContext,
  );
  // Before telemetry is up spans are empty, and their ids would lead nowhere.
  if (!span.isRecording()) return entry;
  return { ...entry, span, context: trace.setSpan(parentContext, span) };
}

function endSpan(
  span: Span,
  { method, route, status }: { method: string; route: string; status: number },
): void {
  span.updateName(route === UNMATCHED_ROUTE ? method : `${method} ${route}`);
  if (route !== UNMATCHED_ROUTE) span.setAttribute('http.route', route);
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? UNMATCHED_ROUTE;
}

function idsOf(span: Span | null): { traceId?: string; spanId?: string } {
  if (span === null) return {};
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId };
}

function sizeOf(payload: unknown): number | null {
  if (payload === null || payload === undefined) return 0;
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return ArrayBuffer.isView(payload) ? payload.byteLength : null;
}
