import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { refuseProtocol } from './refuse-protocol.ts';
import { type Sniffed, sniff } from './sniff.ts';
import type { Tls } from './tls.ts';

/** Takes what a port accepts to those who speak its protocol. */
export interface Handlers {
  http2(socket: Socket): void;
  /** Gets everything that is neither HTTP/2 nor wanted TLS, so that it can refuse it in its own way. */
  http1(socket: Socket): void;
  /** Not enough came to know the protocol: nothing in time, or the other side closed in the middle. */
  unknown(socket: Socket, reason: 'silent' | 'ended'): void;
}

export interface ConnectionOptions {
  /** Null: plain. */
  tls: Tls | null;
  /** In order of preference (RFC 7301). A client that names none speaks HTTP/1.1. */
  alpn: readonly ('h2' | 'http/1.1')[];
  /** For the first bytes, and again for the handshake. */
  timeoutMs: number;
  /** A handshake failed: the client does not trust us, shows no certificate that we trust, or speaks an older version. */
  onTlsError(error: Error, socket: TLSSocket): void;
}

export interface Connections {
  /** Ends those whose protocol is not known yet and takes no more. */
  stopWaiting(): void;
  /** Cuts all of them. */
  destroyAll(): void;
}

const SPEAKS_TLS = 'this port speaks TLS: use https://';

/** Every connection that `server` accepts is looked at once, then belongs to one of `handlers`. */
export function takeConnections(
  server: Server,
  { tls, alpn, timeoutMs, onTlsError }: ConnectionOptions,
  handlers: Handlers,
): Connections {
  const open = new Set<Socket>();
  const waiting = new Set<Socket>();
  let isStopping = false;
  const secure = tls === null ? null : startTls(tls);

  function startTls(certificates: Tls) {
    const tlsServer = createTlsServer({
      ...certificates.serverOptions(),
      ALPNProtocols: [...alpn],
      handshakeTimeout: timeoutMs,
    });
    certificates.follow(tlsServer);
    tlsServer.on('tlsClientError', (error, socket) => {
      socket.destroy();
      onTlsError(error, socket);
    });
    tlsServer.on('secureConnection', (socket) => {
      if (isStopping) socket.destroy();
      else if (socket.alpnProtocol === 'h2') handlers.http2(socket);
      else handlers.http1(socket);
    });
    return tlsServer;
  }

  function dispatch(socket: Socket, found: Sniffed): void {
    if (found === 'silent' || found === 'ended') handlers.unknown(socket, found);
    else if (secure === null) (found === 'http2' ? handlers.http2 : handlers.http1)(socket);
    else if (found === 'tls') secure.emit('connection', socket);
    else refuseProtocol(socket, found, SPEAKS_TLS);
  }

  server.on('connection', (socket: Socket) => {
    // Between one who listens for faults and the next, a reset must not end the process.
    socket.on('error', () => {});
    open.add(socket);
    waiting.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      waiting.delete(socket);
    });
    sniff(socket, timeoutMs, (found) => {
      waiting.delete(socket);
      dispatch(socket, found);
    });
  });

  return {
    stopWaiting() {
      isStopping = true;
      for (const socket of waiting) socket.destroy();
    },
    destroyAll() {
      for (const socket of open) socket.destroy();
    },
  };
}
