import type { ContentEncoding } from '#core/record.ts';
import type { Batch } from '../frame/destination.ts';
import { identityOf } from '../frame/load-part.ts';

export interface Body {
  bytes: Uint8Array;
  encoding: ContentEncoding;
}

/**
 * One request out of a batch without decoding or compressing anything: concatenated protobuf messages are one
 * message (protobuf encoding, "Last One Wins" and repeated fields) and concatenated gzip members one stream
 * (RFC 1952, 2.2), which engines written in Go read whole. Only a batch of both encodings is uncompressed.
 */
export async function concatenate({ records }: Pick<Batch, 'records'>): Promise<Body> {
  const encoding = records[0]!.info.encoding;
  const isMixed = records.some(({ info }) => info.encoding !== encoding);
  const parts = isMixed
    ? await Promise.all(records.map(({ info, payload }) => identityOf(info, payload)))
    : records.map(({ payload }) => payload);
  return {
    bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts),
    encoding: isMixed ? 'identity' : encoding,
  };
}
