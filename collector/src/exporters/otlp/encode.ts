import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Batch } from '../frame/destination.ts';
import { identityOf } from '../frame/load-part.ts';

const gzipAsync = promisify(gzip);

/**
 * One request out of a batch: its payloads uncompressed and behind each other, which protobuf reads as one message,
 * then compressed as a whole if so wished, since not every server reads more than the first gzip member.
 * Throws when a payload is not what it says it is.
 */
export async function encodeBody(batch: Batch, compression: 'gzip' | 'none'): Promise<Uint8Array> {
  const parts = await Promise.all(batch.records.map(({ info, payload }) => identityOf(info, payload)));
  const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  return compression === 'none' ? body : gzipAsync(body, { level: constants.Z_BEST_SPEED });
}
