import type { Socket } from 'node:net';

/**
 * What the first bytes of a connection are: a TLS handshake (RFC 8446, section 5.1), the preface of HTTP/2 with prior
 * knowledge (RFC 9113, section 3.4), or anything else, which is left to HTTP/1.1 to judge.
 */
export type Protocol = 'tls' | 'http2' | 'http1';

/** `silent`: not enough came in time. `ended`: the other side closed before enough came. */
export type Sniffed = Protocol | 'silent' | 'ended';

const TLS_HANDSHAKE = 0x16;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * Waits for the first bytes of a connection, at most 24 of them, and says once what they are; they are back in the
 * socket then, for whoever takes it. Says nothing when the connection breaks. Costs one read for each connection.
 */
export function sniff(socket: Socket, timeoutMs: number, onKnown: (found: Sniffed) => void): void {
  let seen: Buffer = Buffer.alloc(0);

  function finish(found: Sniffed): void {
    clearTimeout(timer);
    socket.off('readable', onReadable).off('end', onEnd).off('error', onError).off('close', onClose);
    if (seen.length > 0 && found !== 'ended') socket.unshift(seen);
    onKnown(found);
  }

  function onReadable(): void {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const found = protocolOf(seen);
    if (found !== null) finish(found);
  }

  function onEnd(): void {
    if (seen.length === 0) socket.destroy();
    else finish('ended');
  }

  function onError(): void {
    socket.destroy();
  }

  function onClose(): void {
    clearTimeout(timer);
  }

  const timer = setTimeout(finish, timeoutMs, 'silent');
  socket.on('readable', onReadable).on('end', onEnd).on('error', onError).on('close', onClose);
}

/** Null when more bytes are needed. */
function protocolOf(bytes: Buffer): Protocol | null {
  if (bytes[0] === TLS_HANDSHAKE) return 'tls';
  const length = Math.min(bytes.length, PREFACE.length);
  if (bytes.compare(PREFACE, 0, length, 0, length) !== 0) return 'http1';
  return length === PREFACE.length ? 'http2' : null;
}
