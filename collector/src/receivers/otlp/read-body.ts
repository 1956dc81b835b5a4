import type { IncomingMessage } from 'node:http';
import type { BodyLease } from './body-budget.ts';
import { joinChunks } from './join-chunks.ts';

export type BodyRead =
  | { kind: 'read'; bytes: Uint8Array }
  | { kind: 'too_large' | 'too_slow' | 'no_memory' | 'gone' };

interface BodyLimits {
  maxBytes: number;
  timeoutMs: number;
  lease: BodyLease;
}

const DISCARD_FACTOR = 4;

/**
 * Collects a request body as it came over the wire, in memory of its own. Stops at the first limit it
 * meets and leaves the rest unread: see discardRest. `gone`: the sender closed the connection.
 */
export function readBody(
  stream: IncomingMessage,
  { maxBytes, timeoutMs, lease }: BodyLimits,
): Promise<BodyRead> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let total = 0;
    const finish = (result: BodyRead) => {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
      // An aborted request emits its error after this; without a listener it would be thrown.
      stream.on('error', () => {});
      resolve(result);
    };
    const onData = (chunk: Uint8Array) => {
      total += chunk.byteLength;
      if (total > maxBytes) finish({ kind: 'too_large' });
      else if (lease.grow(chunk.byteLength)) chunks.push(chunk);
      else finish({ kind: 'no_memory' });
    };
    const onEnd = () => finish({ kind: 'read', bytes: joinChunks(chunks, total) });
    const onGone = () => finish({ kind: 'gone' });
    const timer = setTimeout(() => finish({ kind: 'too_slow' }), timeoutMs);
    if (stream.destroyed) return onGone();
    stream.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}

/**
 * Reads what is left of a refused body and throws it away, so that the sender gets to read the answer: closing
 * at once would reset the connection. Cuts it after the time of a welcome body or DISCARD_FACTOR times its size.
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
    if (total > DISCARD_FACTOR * limits.maxBytes) stream.socket.destroy();
  });
  stream.once('close', () => clearTimeout(timer));
  stream.on('error', () => {});
}
