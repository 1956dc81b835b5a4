import type { Http2Session, ServerHttp2Stream } from 'node:http2';
import { endIdleSession } from '#listen/guard-session.ts';
import type { OtlpGrpcConfig } from './config.ts';

/** The open connections of a server, watched for life and idleness. */
export interface Sessions {
  add(session: Http2Session): void;
  /** Counts a stream as open until it closes. */
  track(stream: ServerHttp2Stream): void;
  remoteAddressOf(session: Http2Session | undefined): string | null;
  /** Tells all to send nothing new (GOAWAY); each closes with its last stream, or is cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

interface Watched {
  remoteAddress: string | null;
  openStreams: Set<ServerHttp2Stream>;
  /** When its last stream closed, or itself was opened; on the monotonic clock. */
  idleSinceMs: number;
  pingedMs: number;
  isPingOpen: boolean;
}

type SessionLimits = Pick<OtlpGrpcConfig, 'ping_interval_ms' | 'ping_timeout_ms' | 'idle_timeout_ms'>;

const SWEEP_MS = 1_000;

/**
 * Watches connections by one timer: those without a stream for `idle_timeout_ms` are told to go, those that do not
 * answer a ping for `ping_timeout_ms` are cut.
 */
export function createSessions(limits: SessionLimits, monotonicMs: () => number): Sessions {
  const watched = new Map<Http2Session, Watched>();
  const timer = setInterval(sweep, Math.min(SWEEP_MS, limits.idle_timeout_ms, limits.ping_interval_ms));
  timer.unref();

  function sweep(): void {
    const nowMs = monotonicMs();
    for (const [session, state] of watched) {
      if (state.isPingOpen && nowMs - state.pingedMs > limits.ping_timeout_ms) session.destroy();
      else if (state.openStreams.size === 0 && nowMs - state.idleSinceMs > limits.idle_timeout_ms)
        endIdleSession(session);
      else if (!state.isPingOpen && nowMs - state.pingedMs > limits.ping_interval_ms)
        ping(session, state, nowMs);
    }
  }

  function ping(session: Http2Session, state: Watched, nowMs: number): void {
    state.pingedMs = nowMs;
    state.isPingOpen = session.ping(() => {
      state.isPingOpen = false;
    });
  }

  return {
    add(session) {
      const nowMs = monotonicMs();
      const openStreams = new Set<ServerHttp2Stream>();
      watched.set(session, {
        remoteAddress: session.socket.remoteAddress ?? null,
        openStreams,
        idleSinceMs: nowMs,
        pingedMs: nowMs,
        isPingOpen: false,
      });
      session.socket.once('end', () => endHalfClosed(session, openStreams));
      session.once('close', () => watched.delete(session));
    },
    track(stream) {
      const state = stream.session && watched.get(stream.session);
      if (state === undefined) return;
      state.openStreams.add(stream);
      stream.once('close', () => {
        state.openStreams.delete(stream);
        state.idleSinceMs = monotonicMs();
      });
    },
    remoteAddressOf: (session) =>
      session === undefined ? null : (watched.get(session)?.remoteAddress ?? null),
    async close(graceMs) {
      clearInterval(timer);
      const closed = [...watched.keys()].map(
        (session) => new Promise<void>((resolve) => session.once('close', () => resolve())),
      );
      for (const [session, { openStreams }] of watched) {
        if (openStreams.size === 0) endIdleSession(session);
        else session.close();
      }
      const cut = setTimeout(() => {
        for (const session of watched.keys()) session.destroy();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(cut);
    },
  };
}

/** A caller that sends no more still gets its answers; what it has not sent to the end is given up. */
function endHalfClosed(session: Http2Session, openStreams: ReadonlySet<ServerHttp2Stream>): void {
  session.close();
  for (const stream of openStreams) {
    if (stream.state.remoteClose === 0) stream.destroy();
  }
}
