import { type Failure, malformed, tooLarge } from '../otlp/failure.ts';
import { joinChunks } from '../otlp/join-chunks.ts';
import {
  type BodyAccounts,
  type BodyLimits,
  type BodyRead,
  type BodyStream,
  type Compression,
  collectBody,
} from '../otlp/read-body.ts';

export const PREFIX_BYTES = 5;

/**
 * Reads the one message of a unary call: a byte that is 1 when it is compressed, its length in 4 bytes, itself (gRPC
 * over HTTP2, "Length-Prefixed-Message"). `maxBytes` is of the message; a length above it is refused before what it
 * announces comes, and holds no memory.
 */
export async function readMessage(
  stream: BodyStream,
  { compression, maxBytes, timeoutMs }: BodyLimits & { compression: Compression },
  { lease, tally }: Pick<BodyAccounts, 'lease' | 'tally'>,
): Promise<BodyRead> {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  let seen = 0;
  const judge = (chunk: Uint8Array): Failure | null => {
    if (seen < PREFIX_BYTES) prefix.set(chunk.subarray(0, PREFIX_BYTES - seen), seen);
    seen += chunk.byteLength;
    return seen < PREFIX_BYTES ? null : judgePrefix(prefix, seen, { compression, maxBytes });
  };
  const limits = { maxBytes: PREFIX_BYTES + maxBytes, timeoutMs };
  const body = await collectBody(stream, limits, { lease, tally, judge });
  if (body.kind === 'refused' && body.failure.kind === 'too_large') return refused(tooLarge(maxBytes));
  if (body.kind !== 'read') return body;
  const { chunks, total } = body;
  if (total === 0) return refused({ kind: 'unsupported', message: 'the call has no message; it takes one' });
  if (total < PREFIX_BYTES) return refused(malformed('the message is cut short within its length prefix'));
  const length = prefix.readUInt32BE(1);
  if (total < PREFIX_BYTES + length) {
    return refused(
      malformed(
        `the message is cut short: ${total - PREFIX_BYTES} bytes came of ${length} that its prefix says`,
      ),
    );
  }
  const bytes = joinChunks(chunks, total, PREFIX_BYTES);
  return { kind: 'read', bytes, compression: prefix[0] === 1 ? compression : 'identity' };
}

function judgePrefix(
  prefix: Buffer,
  seenBytes: number,
  { compression, maxBytes }: { compression: Compression; maxBytes: number },
): Failure | null {
  const flag = prefix[0]!;
  const length = prefix.readUInt32BE(1);
  if (flag > 1) return { kind: 'misframed', message: `the message begins with ${flag}, not with 0 or 1` };
  if (flag === 1 && compression === 'identity') {
    return { kind: 'misframed', message: 'the message says it is compressed, but grpc-encoding names none' };
  }
  if (length > maxBytes) return tooLarge(maxBytes);
  if (seenBytes > PREFIX_BYTES + length) {
    return { kind: 'unsupported', message: 'more bytes than one message in the call; it takes one' };
  }
  return null;
}

function refused(failure: Failure): BodyRead {
  return { kind: 'refused', failure };
}
