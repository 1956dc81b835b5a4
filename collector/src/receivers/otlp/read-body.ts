import type { Readable } from 'node:stream';
import type { BodyLease } from './body-budget.ts';
import { type Failure, tooLarge, tooSlow } from './failure.ts';
import type { Tally } from './tally.ts';

export type Compression = 'identity' | 'gzip' | 'zstd';

/** A stream that may end early: HTTP/2 streams tell by `aborted`, since they end all the same. */
export type BodyStream = Readable & { readonly aborted?: boolean };

/** A body as its transport hands it on, in memory of its own. `gone`: the sender closed the stream. */
export type BodyRead =
  | { kind: 'read'; bytes: Uint8Array; compression: Compression }
  | { kind: 'refused'; failure: Failure }
  | { kind: 'gone' };

/** Chunks of a body; they are views of larger buffers. */
export type Collected =
  | { kind: 'read'; chunks: Uint8Array[]; total: number }
  | Exclude<BodyRead, { kind: 'read' }>;

export interface BodyLimits {
  maxBytes: number;
  timeoutMs: number;
}

export interface BodyAccounts {
  /** Holds what was collected. */
  lease: BodyLease;
  /** Its `bodyBytes` follow what is read. */
  tally: Tally;
  /** Looks at each chunk as it comes; a failure ends the reading. */
  judge?(chunk: Uint8Array): Failure | null;
}

export const NO_MEMORY: Failure = {
  kind: 'unavailable',
  message: 'too many bytes are in flight',
  retryAfterSeconds: 1,
};

/** Collects the body of a request as it comes. Stops at the first limit it meets and leaves the rest unread. */
export function collectBody(
  stream: BodyStream,
  { maxBytes, timeoutMs }: BodyLimits,
  { judge, lease, tally }: BodyAccounts,
): Promise<Collected> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let total = 0;
    const finish = (result: Collected) => {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
      // An aborted request emits its error after this; without a listener it would be thrown.
      stream.on('error', () => {});
      resolve(result);
    };
    const refuse = (failure: Failure) => finish({ kind: 'refused', failure });
    const onData = (chunk: Uint8Array) => {
      total += chunk.byteLength;
      tally.bodyBytes = total;
      const failure = total > maxBytes ? tooLarge(maxBytes) : (judge?.(chunk) ?? null);
      if (failure !== null) refuse(failure);
      else if (lease.grow(chunk.byteLength)) chunks.push(chunk);
      else refuse(NO_MEMORY);
    };
    const onEnd = () => finish(stream.aborted === true ? { kind: 'gone' } : { kind: 'read', chunks, total });
    const onGone = () => finish({ kind: 'gone' });
    const timer = setTimeout(() => refuse(tooSlow(timeoutMs)), timeoutMs);
    if (stream.destroyed) return onGone();
    stream.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}
