import type { IncomingMessage } from 'node:http';
import { constants, type Http2ServerRequest, type ServerHttp2Stream } from 'node:http2';

/** The stream of a request that came over HTTP/2, in node:http2's compatible form; null for one of HTTP/1.1. */
export function http2StreamOf(request: IncomingMessage): ServerHttp2Stream | null {
  if (request.httpVersionMajor < 2) return null;
  return (request as unknown as Http2ServerRequest).stream;
}

/**
 * Once the answer has left, tells the sender to send no more of its body (RFC 9113, section 8.1), and gives up one that
 * does not take its answer within `timeoutMs`.
 */
export function stopAfterAnswer(stream: ServerHttp2Stream, timeoutMs: number): void {
  stream.setTimeout(timeoutMs, () => stream.close(constants.NGHTTP2_CANCEL));
  stream.once('finish', () => {
    // A turn later: Node would send the reset in place of an answer that has not left yet.
    setImmediate(() => {
      if (!stream.closed && !stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
    });
  });
}
