import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type Context, context, SpanStatusCode, trace } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'winston';
import { portOf, type ServiceName } from './addresses.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLogger, exceptionAttributes } from './logger.ts';

/** An error a route throws on purpose, with the status its caller shall see. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/**
 * A fastify application with what every service here does alike: the route on spans and metrics, one
 * "request finished" log line per request, errors recorded on the span and in the log, and an end
 * that answers what has begun.
 */
export function createService(name: ServiceName) {
  const logger = createLogger();
  const app = Fastify({ bodyLimit: 64 * 1024 }).withTypeProvider<TypeBoxTypeProvider>();
  const lifecycle = createLifecycle(() => app.close());
  const contexts = new WeakMap<FastifyRequest, Context>();

  app.addHook('onRequest', (request, reply, done) => {
    contexts.set(request, context.active());
    nameSpanAfterRoute(request, reply);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    context.with(contexts.get(request) ?? context.active(), () => logRequest(logger, request, reply));
    done();
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'no such path' }));
  app.setErrorHandler((error, request, reply) => {
    const statusCode = statusOf(error);
    if (statusCode >= 500) {
      context.with(contexts.get(request) ?? context.active(), () => recordFailure(logger, error));
    }
    const told = error instanceof HttpError || statusCode < 500;
    return reply.code(statusCode).send({ error: told ? (error as Error).message : 'internal error' });
  });

  return {
    app,
    logger,
    isBroken: lifecycle.isBroken,
    async start(): Promise<void> {
      await app.listen({ host: '127.0.0.1', port: portOf(name) });
      lifecycle.ready();
    },
  };
}

const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? '/*';

/** The HTTP instrumentation cannot know fastify's routes; this gives them to its span and its metrics. */
function nameSpanAfterRoute(request: FastifyRequest, reply: FastifyReply): void {
  const route = routeOf(request);
  const span = trace.getActiveSpan();
  span?.setAttribute('http.route', route).updateName(`${request.method} ${route}`);
  const metadata = getRPCMetadata(context.active());
  if (metadata) metadata.route = route;
  if (span) reply.header('x-trace-id', span.spanContext().traceId);
}

function logRequest(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  logger.log(reply.statusCode >= 500 ? 'warn' : 'info', 'request finished', {
    'http.request.method': request.method,
    'http.route': routeOf(request),
    'http.response.status_code': reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
  });
}

function statusOf(error: unknown): number {
  const statusCode = (error as { statusCode?: unknown }).statusCode;
  return typeof statusCode === 'number' ? statusCode : 500;
}

function recordFailure(logger: Logger, error: unknown): void {
  const span = trace.getActiveSpan();
  const message = error instanceof Error ? error.message : String(error);
  span?.recordException(error instanceof Error ? error : message);
  span?.setStatus({ code: SpanStatusCode.ERROR, message });
  logger.error(`request failed: ${message}`, exceptionAttributes(error));
}
