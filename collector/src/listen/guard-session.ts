import { constants, type Http2Session, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

/** RFC 9113, section 6.5.2. */
const HEADER_OVERHEAD_BYTES = 32;
/** PING and SETTINGS of a client in one interval: each costs us an answer (CVE-2019-9512, CVE-2019-9515). */
const MAX_CONTROL_FRAMES = 240;
/** More for each request: clients of gRPC measure the line by a PING about once per answer. */
const CONTROL_FRAMES_PER_REQUEST = 2;
const CONTROL_INTERVAL_MS = 60_000;
/** For the other side to close what has ended. */
const LINGER_MS = 1_000;

/**
 * Bounds what Node leaves unbounded on a connection of HTTP/2: floods of PING and SETTINGS end it, and headers above
 * the limit reset their stream even before the client has confirmed that limit (such a stream is `closed` already when
 * the event `stream` tells of it).
 */
export function guardSession(session: ServerHttp2Session, limits: { maxHeaderListSize: number }): void {
  limitControlFrames(session);
  limitEarlyHeaders(session, limits.maxHeaderListSize);
}

/** Ends a session without a request (GOAWAY). What keeps it open all the same, as headers that never end do, is cut soon. */
export function endIdleSession(session: Http2Session): void {
  if (session.closed) return;
  session.close();
  const timer = setTimeout(() => session.destroy(), LINGER_MS);
  session.once('close', () => clearTimeout(timer));
}

/** Cuts a connection that we ended and whose other side does not close. */
export function cutWhenEnded(socket: Socket): void {
  socket.once('finish', () => {
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  });
}

/** The limit is told in SETTINGS and holds from their ACK on; a client can leave that out, or be ahead of it. */
function limitEarlyHeaders(session: ServerHttp2Session, maxHeaderListSize: number): void {
  session.prependListener('stream', (stream, ...[, , rawHeaders]) => {
    if (session.pendingSettingsAck && headerListSize(rawHeaders) > maxHeaderListSize) {
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    }
  });
}

/** Of names and values in turn. */
function headerListSize(rawHeaders: readonly string[]): number {
  const overhead = (rawHeaders.length / 2) * HEADER_OVERHEAD_BYTES;
  return rawHeaders.reduce((size, text) => size + text.length, overhead);
}

function limitControlFrames(session: ServerHttp2Session): void {
  let left = MAX_CONTROL_FRAMES;
  let intervalEndsMs = performance.now() + CONTROL_INTERVAL_MS;
  const onFrame = () => {
    const nowMs = performance.now();
    if (nowMs > intervalEndsMs) {
      left = MAX_CONTROL_FRAMES;
      intervalEndsMs = nowMs + CONTROL_INTERVAL_MS;
    }
    left -= 1;
    if (left >= 0) return;
    session.destroy(new Error('too many PING or SETTINGS'), constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };
  session.on('stream', () => {
    left += CONTROL_FRAMES_PER_REQUEST;
  });
  session.on('ping', onFrame);
  session.on('remoteSettings', onFrame);
}
