import type { BodyLease } from './body-budget.ts';
import type { Decompressor } from './decompress.ts';
import { malformed, tooLarge } from './failure.ts';
import { type BodyRead, type Compression, NO_MEMORY } from './read-body.ts';

/** A whole body: as it came over the wire, and decompressed (the same bytes when it was not compressed). */
export interface ReceivedBody {
  kind: 'received';
  compression: Compression;
  wire: Uint8Array;
  bytes: Uint8Array;
}

export type Received = ReceivedBody | Exclude<BodyRead, { kind: 'read' }>;

/** Reads a body and decompresses it, up to `maxBytes`; `lease` holds what it takes. */
export async function receiveBody(
  read: (lease: BodyLease) => Promise<BodyRead>,
  { decompressor, lease, maxBytes }: { decompressor: Decompressor; lease: BodyLease; maxBytes: number },
): Promise<Received> {
  const body = await read(lease);
  if (body.kind !== 'read') return body;
  const { bytes: wire, compression } = body;
  if (compression === 'identity') return { kind: 'received', compression, wire, bytes: wire };
  const result = await decompressor.decompress(wire, compression, lease);
  switch (result.kind) {
    case 'malformed':
      return { kind: 'refused', failure: malformed(result.message) };
    case 'too_large':
      return { kind: 'refused', failure: tooLarge(maxBytes) };
    case 'no_memory':
      return { kind: 'refused', failure: NO_MEMORY };
    case 'done':
      // What came as gzip goes on as gzip, so both are kept until the journal has it.
      if (compression !== 'gzip') lease.shrink(wire.byteLength);
      return { kind: 'received', compression, wire, bytes: result.bytes };
  }
}
