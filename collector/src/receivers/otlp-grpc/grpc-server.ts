import http2 from 'node:http2';
import net from 'node:net';
import { takeConnections } from '#listen/connections.ts';
import { cutWhenEnded, guardSession } from '#listen/guard-session.ts';
import { refuseProtocol } from '#listen/refuse-protocol.ts';
import type { Tls } from '#listen/tls.ts';
import type { OtlpGrpcConfig } from './config.ts';

const MIB = 1024 * 1024;
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_HEADERS = 128;
const STREAM_WINDOW_BYTES = 8 * MIB;
const SESSION_WINDOW_BYTES = 16 * MIB;
/** What one connection may hold in Node, in MiB: its window, and the answers that it does not read. */
const SESSION_MEMORY_MIB = 32;
/** Streams that a caller may open and reset at once, and then each second (CVE-2023-44487). */
const RESET_BURST = 200;
const RESETS_PER_SECOND = 20;
const MAX_INVALID_FRAMES = 100;
/** For the first bytes, and again for a handshake of TLS. */
const FIRST_BYTES_TIMEOUT_MS = 20_000;
const ONLY_GRPC =
  'this is the port of OTLP over gRPC; OTLP over HTTP has its own, 4318 by default (OTEL_EXPORTER_OTLP_PROTOCOL)';

export interface GrpcServer {
  /** Listens. */
  readonly server: net.Server;
  /** Its events `session`, `sessionError` and `stream` are the connections and calls. */
  readonly http2: http2.Http2Server;
  /** Ends connections that have not said yet what they speak. */
  stopWaiting(): void;
}

interface GrpcServerDeps {
  /** Null: HTTP/2 with prior knowledge. */
  tls: Tls | null;
  /** A connection that came to nothing. */
  onConnectionFailed(reason: string, remoteAddress: string | null): void;
}

/**
 * A port for gRPC: HTTP/2 with windows that keep a fast sender busy, and bounds on what a connection may cost without
 * sending anything of use. Bodies are bounded by whoever reads them.
 */
export function createGrpcServer(
  config: OtlpGrpcConfig,
  { onConnectionFailed, tls }: GrpcServerDeps,
): GrpcServer {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true });
  server.maxConnections = config.max_connections;
  const grpc = createHttp2(config);
  const fail = (reason: string, socket: net.Socket) =>
    onConnectionFailed(reason, socket.remoteAddress ?? null);
  const connections = takeConnections(
    server,
    {
      tls,
      alpn: ['h2'],
      timeoutMs: FIRST_BYTES_TIMEOUT_MS,
      onTlsError: (error, socket) => fail(`TLS: ${error.message}`, socket),
    },
    {
      http2(socket) {
        // What comes after the session has ended is nobody's.
        socket.on('error', () => {});
        cutWhenEnded(socket);
        grpc.emit('connection', socket);
      },
      http1(socket) {
        fail('not HTTP/2, which gRPC is spoken over', socket);
        refuseProtocol(socket, 'http1', ONLY_GRPC);
      },
      unknown: (socket) => socket.destroy(),
    },
  );
  return { server, http2: grpc, stopWaiting: connections.stopWaiting };
}

function createHttp2(config: OtlpGrpcConfig): http2.Http2Server {
  const server = http2.createServer({
    settings: {
      enablePush: false,
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxConcurrentStreams: config.max_concurrent_streams,
      maxHeaderListSize: MAX_HEADER_BYTES,
    },
    maxHeaderListPairs: MAX_HEADERS,
    maxSessionMemory: SESSION_MEMORY_MIB,
    maxSessionInvalidFrames: MAX_INVALID_FRAMES,
    streamResetBurst: RESET_BURST,
    streamResetRate: RESETS_PER_SECOND,
  });
  server.on('session', (session) => {
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    guardSession(session, { maxHeaderListSize: MAX_HEADER_BYTES });
  });
  return server;
}
