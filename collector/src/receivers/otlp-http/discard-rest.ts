import type { IncomingMessage } from 'node:http';

/**
 * Reads what is left of a refused body and throws it away, so that the sender gets to read the answer: closing
 * at once would reset the connection. Cuts it after `maxBytes` or `timeoutMs`.
 */
export function discardRest(stream: IncomingMessage, limits: { maxBytes: number; timeoutMs: number }): void {
  if (stream.complete || stream.destroyed) {
    stream.resume();
    return;
  }
  let total = 0;
  const timer = setTimeout(() => stream.socket.destroy(), limits.timeoutMs);
  timer.unref();
  stream.on('data', (chunk: Uint8Array) => {
    total += chunk.byteLength;
    if (total > limits.maxBytes) stream.socket.destroy();
  });
  stream.once('close', () => clearTimeout(timer));
  stream.on('error', () => {});
}
