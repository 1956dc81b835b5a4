import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { cutWhenEnded, endIdleSession, guardSession } from './guard-session.ts';

/** What one connection of HTTP/2 may take. */
export interface Http2Limits {
  /** Bytes of the headers of one request as RFC 9113, section 6.5.2, counts them (32 more for each); above, the stream is reset. */
  maxHeaderListSize: number;
  /** Requests at the same time; more are refused (REFUSED_STREAM), which clients may repeat. */
  maxConcurrentStreams: number;
  /** Without a request for so long the connection is ended (GOAWAY). Pings do not keep it. */
  idleTimeoutMs: number;
}

/** Connections of HTTP/2 over sockets that somebody else accepted. */
export interface Http2Sessions {
  /** For its events `request` (as of node:http) and the like. It never listens itself. */
  readonly server: Http2Server;
  /** Takes a connection; what was read of it must be back in the socket. */
  accept(socket: Socket): void;
  /** Ends connections without a request. */
  closeIdle(): void;
  /** Ends all connections: none takes new requests, those in flight go on (GOAWAY, RFC 9113, section 6.8). */
  drain(): void;
}

/** What a stream may send before it is read: half a usual batch, so that a distant sender need not wait for credit. */
const STREAM_WINDOW_BYTES = 256 * 1024;
const CONNECTION_WINDOW_BYTES = 1024 * 1024;
const MAX_HEADERS = 128;
/** MB, for headers and answers that wait; bodies are bounded by the windows. */
const MAX_SESSION_MEMORY = 10;
/** Requests that a client starts and resets: so many at once, then so many a second (CVE-2023-44487). */
const RESETS = { streamResetBurst: 200, streamResetRate: 33 };
const MAX_REFUSED_STREAMS = 100;
const MAX_INVALID_FRAMES = 100;
const MAX_SETTINGS = 16;

/** HTTP/2 for servers, bounded in everything that a stranger can send. */
export function createHttp2Sessions(limits: Http2Limits): Http2Sessions {
  const sessions = new Map<ServerHttp2Session, { isIdle(): boolean }>();
  const server = createServer({
    ...RESETS,
    maxSessionMemory: MAX_SESSION_MEMORY,
    maxHeaderListPairs: MAX_HEADERS,
    maxSettings: MAX_SETTINGS,
    maxSessionInvalidFrames: MAX_INVALID_FRAMES,
    maxSessionRejectedStreams: MAX_REFUSED_STREAMS,
    settings: {
      maxConcurrentStreams: limits.maxConcurrentStreams,
      maxHeaderListSize: limits.maxHeaderListSize,
      initialWindowSize: STREAM_WINDOW_BYTES,
      enableConnectProtocol: false,
    },
  });

  server.on('session', (session) => {
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    sessions.set(session, endWhenIdle(session, limits.idleTimeoutMs));
    // A client that half-closes still gets its answers.
    session.socket.once('end', () => session.close());
    session.once('close', () => sessions.delete(session));
    guardSession(session, limits);
  });

  return {
    server,
    accept(socket) {
      // The connection itself tells of faults through its session; what comes after that is nobody's.
      socket.on('error', () => {});
      cutWhenEnded(socket);
      server.emit('connection', socket);
    },
    closeIdle() {
      for (const [session, { isIdle }] of sessions) if (isIdle()) endIdleSession(session);
    },
    drain() {
      for (const [session, { isIdle }] of sessions) {
        if (isIdle()) endIdleSession(session);
        else session.close();
      }
    },
  };
}

function endWhenIdle(session: ServerHttp2Session, idleTimeoutMs: number): { isIdle(): boolean } {
  let open = 0;
  let idleSinceMs = performance.now();
  let timer = setTimeout(check, idleTimeoutMs);
  session.on('stream', (stream) => {
    open += 1;
    stream.once('close', () => {
      open -= 1;
      idleSinceMs = performance.now();
    });
  });
  session.once('close', () => clearTimeout(timer));

  function check(): void {
    const leftMs = open > 0 ? idleTimeoutMs : idleSinceMs + idleTimeoutMs - performance.now();
    if (leftMs <= 0) endIdleSession(session);
    else timer = setTimeout(check, leftMs);
  }
  return { isIdle: () => open === 0 };
}
