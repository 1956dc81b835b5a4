import type { Server } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { OperatorError } from '#core/errors.ts';
import { answerClientError, type ClientError, clientErrorRefusal } from './client-error.ts';
import type { OtlpHttpConfig } from './config.ts';
import type { Refusal } from './refusal.ts';

const HEADERS_TIMEOUT_MS = 20_000;
const TIMEOUT_CHECK_MS = 2_000;
const MAX_HEADER_BYTES = 32 * 1024;
const IDLE_CHECK_MS = 100;

interface HttpServerDeps {
  /** Called for bytes that are no HTTP/1.1 request. */
  onClientError(socket: Socket, refusal: Refusal): void;
  /** Called for a path that cannot be decoded, past all hooks. */
  onBadPath(request: FastifyRequest, reply: FastifyReply): void;
  /** Called for everything else that Fastify would answer by itself. */
  onFault(error: unknown, reply: FastifyReply): void;
}

/** A Fastify server that reads no body by itself and bounds connections, headers and waiting. */
export function createHttpServer(config: OtlpHttpConfig, deps: HttpServerDeps): FastifyInstance {
  const app = fastify({
    logger: false,
    frameworkErrors: (_error, request, reply) => deps.onBadPath(request, reply),
    return503OnClosing: false,
    keepAliveTimeout: config.keep_alive_timeout_ms,
    // The body's own timeout comes first and answers in the right encoding; this one is the last line.
    requestTimeout: HEADERS_TIMEOUT_MS + 2 * config.body_timeout_ms,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
  });
  app.setErrorHandler((error, _request, reply) => deps.onFault(error, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _stream, done) => done(null));
  const { server } = app;
  server.maxConnections = config.max_connections;
  answerHalfClosed(server);
  // Both are answered by the head check like any request: the body is asked for only when it is welcome.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.removeAllListeners('clientError');
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const refusal = clientErrorRefusal(error);
    if (refusal !== null) deps.onClientError(socket, refusal);
    answerClientError(socket, refusal);
  });
  return app;
}

/** node:http has this switch but leaves it out of its types: a sender that half-closes still gets its answer. */
function answerHalfClosed(server: Server): void {
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
}

/** Listens as configured. Throws an OperatorError that says which setting to change. */
export async function listen(
  app: FastifyInstance,
  { host, port }: OtlpHttpConfig,
): Promise<{ url: string; port: number }> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new OperatorError(listenMessage(error as NodeJS.ErrnoException, `${host}:${port}`), {
      cause: error,
    });
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return { url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`, port: bound };
}

function listenMessage(error: NodeJS.ErrnoException, where: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `OTLP/HTTP: ${where} is taken by another program; stop it or set otlp_http.port (SIGNALBOX_OTLP_HTTP_PORT)`;
    case 'EACCES':
      return `OTLP/HTTP: not allowed to listen on ${where}; set otlp_http.port to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `OTLP/HTTP: this machine has no address ${where}; set otlp_http.host`;
    default:
      return `OTLP/HTTP: cannot listen on ${where}: ${error.message}`;
  }
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
