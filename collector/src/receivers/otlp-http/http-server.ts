import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createHttpListener } from '#listen/http-listener.ts';
import { boundPort, listenError, urlOf } from '#listen/listen-on.ts';
import type { Tls } from '#listen/tls.ts';
import { answerClientError, type ClientError, clientErrorRefusal } from './client-error.ts';
import type { OtlpHttpConfig } from './config.ts';
import type { Refusal } from './refusal.ts';

const HEADERS_TIMEOUT_MS = 20_000;
const TIMEOUT_CHECK_MS = 2_000;
const MAX_HEADER_BYTES = 32 * 1024;
/** Requests that one connection of HTTP/2 may have in flight. */
const MAX_STREAMS = 256;
const IDLE_CHECK_MS = 100;

interface HttpServerDeps {
  /** Null: plain HTTP. */
  tls: Tls | null;
  /** Called for bytes that are no HTTP/1.1 request. */
  onClientError(socket: Socket, refusal: Refusal): void;
  /** Called for a handshake that failed; nobody is there to be answered. */
  onTlsError(error: Error, socket: Socket): void;
  /** Called for a path that cannot be decoded, past all hooks. */
  onBadPath(request: FastifyRequest, reply: FastifyReply): void;
  /** Called for everything else that Fastify would answer by itself. */
  onFault(error: unknown, reply: FastifyReply): void;
}

/** A Fastify server of HTTP/1.1 and HTTP/2 that reads no body by itself and bounds connections, headers and waiting. */
export function createHttpServer(config: OtlpHttpConfig, deps: HttpServerDeps): FastifyInstance {
  const app = fastify({
    logger: false,
    frameworkErrors: (_error, request, reply) => deps.onBadPath(request, reply),
    return503OnClosing: false,
    serverFactory: (handler) => createServer(handler, config, deps),
  });
  app.setErrorHandler((error, _request, reply) => deps.onFault(error, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _stream, done) => done(null));
  app.server.removeAllListeners('clientError');
  answerClientErrors(app.server, deps);
  return app;
}

function createServer(handler: RequestListener, config: OtlpHttpConfig, deps: HttpServerDeps): Server {
  const { keep_alive_timeout_ms: keepAliveTimeout, max_connections: maxConnections } = config;
  const server = createHttpListener(
    {
      tls: deps.tls,
      http1: {
        keepAliveTimeout,
        // The body's own timeout comes first and answers in the right encoding; this one is the last line.
        requestTimeout: HEADERS_TIMEOUT_MS + 2 * config.body_timeout_ms,
        headersTimeout: HEADERS_TIMEOUT_MS,
        connectionsCheckingInterval: TIMEOUT_CHECK_MS,
        maxHeaderSize: MAX_HEADER_BYTES,
      },
      http2: {
        maxHeaderListSize: MAX_HEADER_BYTES,
        maxConcurrentStreams: MAX_STREAMS,
        idleTimeoutMs: keepAliveTimeout,
      },
      maxConnections,
      onTlsError: deps.onTlsError,
    },
    handler,
  );
  answerHalfClosed(server);
  // Both are answered by the head check like any request: the body is asked for only when it is welcome.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  return server;
}

function answerClientErrors(server: Server, { onClientError }: HttpServerDeps): void {
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const refusal = clientErrorRefusal(error);
    if (refusal !== null) onClientError(socket, refusal);
    answerClientError(socket, refusal);
  });
}

/** node:http has this switch but leaves it out of its types: a sender that half-closes still gets its answer. */
function answerHalfClosed(server: Server): void {
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
}

/** Listens as configured. Throws an OperatorError that says which setting to change. */
export async function listen(
  app: FastifyInstance,
  { host, port }: OtlpHttpConfig,
  { isTls }: { isTls: boolean },
): Promise<{ url: string; port: number }> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const place = { host, port, name: 'OTLP/HTTP', section: 'otlp_http' };
    throw listenError(error as NodeJS.ErrnoException, place);
  }
  const bound = boundPort(app.server, port);
  return { url: urlOf({ host, port: bound, isTls }), port: bound };
}

/** Closes: requests in flight may end within `graceMs`, then their connections are cut. */
export async function close(app: FastifyInstance, graceMs: number): Promise<void> {
  const { server } = app;
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  // Connections that become idle after the close has begun would stay until their keep-alive ends.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
}
