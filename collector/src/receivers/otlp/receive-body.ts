import type { IncomingMessage } from 'node:http';
import type { BodyLease } from './body-budget.ts';
import type { Decompressor } from './decompress.ts';
import { readBody } from './read-body.ts';
import type { Refusal } from './refusal.ts';
import { type Compression, tooLarge } from './request-head.ts';

/** A whole body: as it came over the wire, and decompressed (the same bytes when it was not compressed). */
export interface ReceivedBody {
  kind: 'received';
  compression: Compression;
  wire: Uint8Array;
  bytes: Uint8Array;
}

export type Received = ReceivedBody | { kind: 'refused'; refusal: Refusal } | { kind: 'gone' };

interface ReceiveBodyDeps {
  decompressor: Decompressor;
  limits: { maxBytes: number; timeoutMs: number };
}

export type ReceiveBody = (
  stream: IncomingMessage,
  compression: Compression,
  lease: BodyLease,
) => Promise<Received>;

const NO_MEMORY: Refusal = { status: 503, message: 'too many bytes are in flight', retryAfterSeconds: 1 };

/** Reads and decompresses bodies; `lease` holds what they take. Limits become 408, 413 and 503, bad data 400. */
export function createReceiveBody({ decompressor, limits }: ReceiveBodyDeps): ReceiveBody {
  function refused(kind: 'too_large' | 'too_slow' | 'no_memory'): Received {
    if (kind === 'too_large') return { kind: 'refused', refusal: tooLarge(limits.maxBytes) };
    if (kind === 'no_memory') return { kind: 'refused', refusal: NO_MEMORY };
    const message = `the body was not complete after ${limits.timeoutMs} ms`;
    return { kind: 'refused', refusal: { status: 408, message } };
  }

  return async (stream, compression, lease) => {
    const read = await readBody(stream, { ...limits, lease });
    if (read.kind === 'gone') return { kind: 'gone' };
    if (read.kind !== 'read') return refused(read.kind);
    const wire = read.bytes;
    if (compression === 'identity') return { kind: 'received', compression, wire, bytes: wire };
    const result = await decompressor.decompress(read.bytes, compression, lease);
    if (result.kind === 'malformed')
      return { kind: 'refused', refusal: { status: 400, message: result.message } };
    if (result.kind !== 'done') return refused(result.kind);
    // What came as gzip goes on as gzip, so both are kept until the journal has it.
    if (compression !== 'gzip') lease.shrink(wire.byteLength);
    return { kind: 'received', compression, wire, bytes: result.bytes };
  };
}
