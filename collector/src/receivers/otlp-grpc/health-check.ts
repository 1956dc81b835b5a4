import type { ServerHttp2Stream } from 'node:http2';
import { emptyTally } from '../otlp/tally.ts';
import { answerMessage, answerStatus } from './call-answers.ts';
import { SERVICE_NAMES } from './call-head.ts';
import { grpcStatusOf } from './grpc-status.ts';
import { readMessage } from './read-message.ts';

const LIMITS = { compression: 'identity', maxBytes: 1024, timeoutMs: 5_000 } as const;
/** Its messages are too small to be counted. */
const NO_LEASE = { grow: () => true, shrink() {}, release() {} };
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_TAG = 0x0a;
const STATUS_TAG = 0x08;

/**
 * Answers `grpc.health.v1.Health/Check`, which load balancers call: SERVING, or NOT_SERVING once `isStopping`. The
 * request has one field, the name of a service; none asks for the server as a whole, one that is not here is NOT_FOUND.
 */
export async function answerHealth(stream: ServerHttp2Stream, isStopping: () => boolean): Promise<void> {
  const read = await readMessage(stream, LIMITS, { lease: NO_LEASE, tally: emptyTally() });
  if (read.kind === 'gone') return;
  if (read.kind === 'refused') return answerStatus(stream, grpcStatusOf(read.failure));
  const service = serviceOf(read.bytes);
  if (service !== '' && !SERVICE_NAMES.has(service)) {
    return answerStatus(stream, { code: 'NOT_FOUND', message: 'there is no such service here' });
  }
  answerMessage(stream, Uint8Array.of(STATUS_TAG, isStopping() ? NOT_SERVING : SERVING));
}

/** The name in a HealthCheckRequest. All names here are shorter than 128 bytes, so a longer one is none of them. */
function serviceOf(request: Uint8Array): string {
  if (request.length === 0) return '';
  const isName = request[0] === SERVICE_TAG && request[1] === request.length - 2;
  return isName ? Buffer.from(request.subarray(2)).toString() : 'unknown';
}
