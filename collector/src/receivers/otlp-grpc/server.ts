import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Gate } from '#core/gate.ts';
import { listenOn, urlOf } from '#listen/listen-on.ts';
import type { Tls } from '#listen/tls.ts';
import type { IngestDeps } from '../otlp/ingest.ts';
import type { ReceiverObserver } from '../otlp/observer.ts';
import { createCallLog } from './call-log.ts';
import { createCalls } from './calls.ts';
import type { OtlpGrpcConfig } from './config.ts';
import { createGrpcServer } from './grpc-server.ts';
import { createSessions } from './sessions.ts';

export interface OtlpGrpcReceiver {
  /** Listens. Throws an OperatorError when the address cannot be had. */
  start(): Promise<{ url: string; port: number }>;
  /** Takes no more calls, lets those in flight end for some seconds, then closes. Twice is harmless. */
  stop(): Promise<void>;
}

export interface OtlpGrpcDeps extends IngestDeps {
  observer: ReceiverObserver;
  gate: Gate;
  /** Null: HTTP/2 with prior knowledge. */
  tls: Tls | null;
}

const STOP_GRACE_MS = 5_000;

/**
 * Receives OTLP/gRPC (1.11): unary `Export` of the three services, and `grpc.health.v1.Health/Check`. Every call is
 * judged by its headers first; only what passes gets its message read.
 */
export function createOtlpGrpcReceiver(config: OtlpGrpcConfig, deps: OtlpGrpcDeps): OtlpGrpcReceiver {
  let stopping: Promise<void> | null = null;
  const sessions = createSessions(config, () => performance.now());
  const remoteAddressOf = (stream: ServerHttp2Stream) => sessions.remoteAddressOf(stream.session);
  const log = createCallLog({ ...deps, remoteAddressOf });
  const onCall = createCalls(config, { ...deps, log, isStopping: () => stopping !== null });
  const { http2, server, stopWaiting } = createGrpcServer(config, {
    tls: deps.tls,
    onConnectionFailed: log.connectionFailed,
  });

  http2.on('session', (session) => sessions.add(session));
  http2.on('sessionError', (error, session) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNRESET' || code === 'EPIPE') return;
    log.connectionFailed(error.message, sessions.remoteAddressOf(session));
  });
  http2.on('stream', (stream: ServerHttp2Stream, ...[headers, , rawHeaders]) => {
    // Resets come as errors as well; the stream's end is what counts.
    stream.on('error', () => {});
    if (stream.closed) return;
    // The last line: whoever does not take its answer would keep it open for good.
    stream.setTimeout(2 * config.message_timeout_ms, () => stream.close(constants.NGHTTP2_CANCEL));
    sessions.track(stream);
    onCall({ stream, headers, rawHeaders });
  });

  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    stopWaiting();
    await sessions.close(STOP_GRACE_MS);
    await closed;
  }

  return {
    async start() {
      const { host, port } = config;
      const bound = await listenOn(server, { host, port, name: 'OTLP/gRPC', section: 'otlp_grpc' });
      return { url: urlOf({ host, port: bound, isTls: deps.tls !== null }), port: bound };
    },
    stop() {
      stopping ??= close();
      return stopping;
    },
  };
}
