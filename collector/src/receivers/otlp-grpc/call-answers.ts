import { constants, type ServerHttp2Stream } from 'node:http2';
import { ACCEPTED_ENCODINGS } from './call-head.ts';
import { type GrpcStatus, statusTrailers } from './grpc-status.ts';
import { PREFIX_BYTES } from './read-message.ts';

const HEADERS = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': ACCEPTED_ENCODINGS,
};

/** Answers with one message and OK. Nothing when the caller has gone. */
export function answerMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (isGone(stream)) return;
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.byteLength);
  frame[0] = 0;
  frame.writeUInt32BE(message.byteLength, 1);
  frame.set(message, PREFIX_BYTES);
  stream.end(frame);
}

/** Ends the call with a status and nothing else ("Trailers-Only"). */
export function answerStatus(stream: ServerHttp2Stream, status: GrpcStatus): void {
  if (isGone(stream)) return;
  stream.respond({ ...HEADERS, ...statusTrailers(status) }, { endStream: true });
  stopReading(stream);
}

/** Answers what is not gRPC with a plain HTTP status and a text that people can read. */
export function answerHttp(stream: ServerHttp2Stream, httpStatus: number, text: string): void {
  if (isGone(stream)) return;
  stream.respond({ ':status': httpStatus, 'content-type': 'text/plain; charset=utf-8' });
  stream.end(`${text}\n`, () => stopReading(stream));
}

function isGone(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed || stream.headersSent;
}

/**
 * Tells the caller to send no more of what was answered (RFC 9113, section 8.1). A turn later, since Node would send
 * the reset in place of an answer that has not left yet.
 */
function stopReading(stream: ServerHttp2Stream): void {
  if (stream.readableEnded) return;
  setImmediate(() => {
    if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}
