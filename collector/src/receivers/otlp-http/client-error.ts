import type { Socket } from 'node:net';
import { encodeRefusal, type Refusal } from './refusal.ts';

/** What Node hands over when a request could not even be read. */
export interface ClientError extends Error {
  code?: string;
  rawPacket?: Uint8Array;
}

const TLS_HANDSHAKE = 0x16;

/**
 * The refusal for bytes that are no HTTP/1.1 request, or null when nobody is there to read it.
 * Its body is JSON: the content type of such a request is not known.
 */
export function clientErrorRefusal(error: ClientError): Refusal | null {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return null;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'the request did not arrive in time' };
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, message: 'the headers are too large' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, message: 'the chunk extensions are too large' };
    default:
      if (error.rawPacket?.[0] === TLS_HANDSHAKE) {
        return { status: 400, message: 'this port speaks plain HTTP, not TLS: use http:// in the endpoint' };
      }
      return { status: 400, message: `not an HTTP/1.1 request: ${error.message}` };
  }
}

const REASON_PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
};

/** Writes the refusal on the bare connection and closes it. */
export function answerClientError(socket: Socket, refusal: Refusal | null): void {
  if (refusal === null || !socket.writable) {
    socket.destroy();
    return;
  }
  const { headers, body } = encodeRefusal(refusal, 'json');
  const lines = Object.entries({
    ...headers,
    'content-length': String(body.byteLength),
    connection: 'close',
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(
    `HTTP/1.1 ${refusal.status} ${REASON_PHRASES[refusal.status] ?? 'Bad Request'}\r\n${head}\r\n`,
  );
  socket.end(body);
  // The rest of what is no HTTP is not read, so the other side might never close.
  socket.destroySoon();
}
