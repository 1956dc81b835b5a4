import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Http2Server, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { takeConnections } from './connections.ts';
import { createHttp2Sessions, type Http2Limits } from './http2-sessions.ts';
import type { Tls } from './tls.ts';

export interface HttpListenerOptions {
  /** Null: plain HTTP. */
  tls: Tls | null;
  /** Of HTTP/1.1, as node:http takes them. `headersTimeout` also bounds the first bytes and the handshake. */
  http1: ServerOptions & { headersTimeout: number };
  /** Null: the port speaks HTTP/1.1 alone. */
  http2: Http2Limits | null;
  /** Of both protocols together; more are closed at once. */
  maxConnections: number;
  /** A handshake failed; nobody is there to be answered. */
  onTlsError?(error: Error, socket: TLSSocket): void;
}

const TCP_KEEP_ALIVE_MS = 60_000;
const TWO_HOSTS = 'the headers :authority and host name different hosts\n';
const UNKNOWN = {
  silent: ['ERR_HTTP_REQUEST_TIMEOUT', 'Request timeout'],
  ended: ['HPE_INVALID_EOF_STATE', 'Invalid EOF state'],
} as const;

/**
 * A server of node:http that speaks HTTP/2 on the same port: with prior knowledge where it is plain (RFC 9113,
 * section 3.3), by ALPN over TLS. For Fastify: `serverFactory: (handler) => createHttpListener(options, handler)`.
 *
 * Requests of both come through its event `request`, those of HTTP/2 as the compatible ones of node:http2
 * (`request.httpVersionMajor` is 2, `request.headers.host` is there, `request.socket` stands for the stream: destroying
 * it resets that request alone); `checkContinue` and `checkExpectation` too. `clientError` tells of bytes that are no
 * HTTP/1.1, as ever: a TLS handshake where the port is plain, and a connection that stays silent, are such. On a port
 * with TLS, plain HTTP is refused here with a 400 that says so.
 *
 * `close()` ends idle connections, sends GOAWAY on HTTP/2, and calls back when what is in flight has ended;
 * `closeAllConnections()` cuts all of them, whatever they speak.
 */
export function createHttpListener(options: HttpListenerOptions, handler: RequestListener): Server {
  const { http1, tls } = options;
  const server = createServer(
    {
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
      ...http1,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    handler,
  );
  server.maxConnections = options.maxConnections;
  const [speakHttp1] = server.listeners('connection') as [(socket: Socket) => void];
  server.removeAllListeners('connection');

  const speak = (socket: Socket) => speakHttp1.call(server, socket);
  const sessions = options.http2 === null ? null : createHttp2Sessions(options.http2);
  if (sessions !== null) handOn(sessions.server, server);
  const connections = takeConnections(
    server,
    {
      tls,
      alpn: sessions === null ? ['http/1.1'] : ['h2', 'http/1.1'],
      timeoutMs: http1.headersTimeout,
      onTlsError: options.onTlsError ?? (() => {}),
    },
    {
      http1: speak,
      http2: sessions?.accept ?? speak,
      unknown(socket, reason) {
        const [code, message] = UNKNOWN[reason];
        const error = Object.assign(new Error(message), { code });
        if (!server.emit('clientError', error, socket)) socket.destroy();
      },
    },
  );

  const { close, closeIdleConnections } = server;
  server.close = (callback) => {
    close.call(server, callback);
    connections.stopWaiting();
    sessions?.drain();
    return server;
  };
  server.closeIdleConnections = () => {
    closeIdleConnections.call(server);
    sessions?.closeIdle();
  };
  server.closeAllConnections = connections.destroyAll;
  return server;
}

type Exchange = [request: Http2ServerRequest, response: Http2ServerResponse];

/** What HTTP/2 tells of, told by the server that the user has. */
function handOn(http2: Http2Server, server: Server): void {
  http2.on('request', (...exchange: Exchange) => {
    if (nameHost(...exchange)) server.emit('request', ...exchange);
  });
  http2.on('checkContinue', (...exchange: Exchange) => {
    if (!nameHost(...exchange) || server.emit('checkContinue', ...exchange)) return;
    exchange[1].writeContinue();
    server.emit('request', ...exchange);
  });
  http2.on('checkExpectation', (...exchange: Exchange) => {
    if (!nameHost(...exchange) || server.emit('checkExpectation', ...exchange)) return;
    exchange[1].writeHead(417).end();
  });
}

/**
 * Gives a request its `host`, which HTTP/2 calls `:authority`. False when the request has ended already, or has both
 * and they differ, which is malformed (RFC 9113, section 8.3.1).
 */
function nameHost({ headers, stream }: Http2ServerRequest, response: Http2ServerResponse): boolean {
  if (stream.closed) return false;
  const { ':authority': authority, host } = headers;
  if (authority !== undefined && host !== undefined && authority !== host) {
    response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end(TWO_HOSTS);
    return false;
  }
  headers.host = authority ?? host;
  return true;
}
