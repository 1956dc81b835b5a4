import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '#core/clock.ts';
import type { Sender } from '#core/gate.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Payload, Source } from '#core/payload.ts';
import type { Signal } from '#core/signal.ts';
import type { Sink } from '#core/sink.ts';
import { checkRequest } from '#otlp/check.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import type { Encoding } from '#otlp/response.ts';
import type { BodyBudget, BodyLease } from './body-budget.ts';
import { checkLimitsOf } from './check-limits.ts';
import { createDecompressor } from './decompress.ts';
import { FAULT, type Failure, malformed } from './failure.ts';
import type { Processed, Processing } from './processing.ts';
import type { BodyRead } from './read-body.ts';
import { type ReceivedBody, receiveBody } from './receive-body.ts';
import type { Tally } from './tally.ts';

export type Ingested =
  /** `message` is for the sender: why items were left out, and what is wrong with those that were not; '' for nothing. */
  | { kind: 'accepted'; rejected: number; reason: string; message: string }
  | { kind: 'refused'; failure: Failure; error?: unknown }
  | { kind: 'gone' };

export interface IngestRequest {
  signal: Signal;
  encoding: Encoding;
  source: Source;
  sender: Sender;
  tally: Tally;
  /** Reads the body; what it holds is taken from the lease. */
  read(lease: BodyLease): Promise<BodyRead>;
}

/** What receivers share: the stages behind them, and the memory for bodies. */
export interface IngestDeps {
  sink: Sink;
  clock: Clock;
  budget: BodyBudget;
  processing: Processing;
  noteDelta: NoteDelta;
}

export interface IngestLimits {
  /** Of a body, as sent and again after decompression. */
  maxBytes: number;
  maxItems: number;
}

/** Is told of accepted data points with delta temporality; what it returns goes to the sender as a warning. */
export type NoteDelta = (service: string, points: number) => string;

export type Ingest = (request: IngestRequest) => Promise<Ingested>;

const gzipAsync = promisify(gzip);
const GZIP_LEVEL = 1;

/**
 * The way of one export request, whatever brought it: body, JSON to protobuf, check of the structure, processors, next
 * stage. Results follow OTLP 1.11, "Failures": what will never pass is told apart from what may pass later.
 */
export function createIngest(
  { maxBytes, maxItems }: IngestLimits,
  { budget, clock, noteDelta, processing, sink }: IngestDeps,
): Ingest {
  const limits = checkLimitsOf({ maxBytes, maxItems });
  const decompressor = createDecompressor(maxBytes);

  async function ingest(request: IngestRequest, lease: BodyLease): Promise<Ingested> {
    const { encoding, signal, source, sender, tally } = request;
    const body = await receiveBody(request.read, { decompressor, lease, maxBytes });
    if (body.kind !== 'received') return body;
    const protobuf =
      encoding === 'json' ? jsonToProtobuf(signal, body.bytes) : { ok: true as const, bytes: body.bytes };
    if (!protobuf.ok) return refused(malformed(protobuf.message));
    const receivedUnixNano = clock();
    const interest = processing.interest(receivedUnixNano);
    const checked = checkRequest(signal, protobuf.bytes, { interest, limits });
    if (!checked.ok) {
      return refused({ kind: checked.isTooMany ? 'too_large' : 'malformed', message: checked.message });
    }
    const { deltaPoints, items, maxTimeUnixMs, minTimeUnixMs, reason, rejected } = checked;
    tally.payloadBytes = checked.bytes.byteLength;
    tally.items = items;
    const processed = tryProcess(processing, { ...checked, signal, receivedUnixNano, source });
    if ('error' in processed) return { ...refused(FAULT), error: processed.error };
    if (processed.items > 0) {
      const times = { receivedUnixNano, minTimeUnixMs, maxTimeUnixMs };
      const { bytes, items: kept, longestItemBytes } = processed;
      const gzipped = await gzipOf(body, bytes);
      const payload = {
        signal,
        tenant: sender.tenant,
        source,
        bytes,
        gzip: gzipped,
        items: kept,
        longestItemBytes,
        ...times,
      };
      const failed = await offer(sink, payload);
      if (failed !== null) return failed;
    }
    tally.rejected = rejected;
    tally.deltaPoints = deltaPoints;
    const delta = deltaPoints > 0 && source !== 'self' ? noteDelta(checked.deltaService, deltaPoints) : '';
    const message = [reason, processed.warning, delta].filter((text) => text !== '').join('. ');
    return { kind: 'accepted', rejected, reason, message };
  }

  return async (request) => {
    const lease = budget.lease(request.sender);
    try {
      return await ingest(request, lease);
    } finally {
      lease.release();
    }
  };
}

function refused(failure: Failure): Extract<Ingested, { kind: 'refused' }> {
  return { kind: 'refused', failure };
}

/** A fault of a processor must not let anything through that it would have taken out. */
function tryProcess(
  processing: Processing,
  request: Parameters<Processing['process']>[0],
): Processed | { error: unknown } {
  try {
    return processing.process(request);
  } catch (error) {
    return { error };
  }
}

/** null when the next stage took the payload. */
async function offer(sink: Sink, payload: Payload): Promise<Ingested | null> {
  let outcome: Outcome;
  try {
    outcome = await sink.offer(payload);
  } catch (error) {
    // A fault behind us says nothing about the payload, so the sender may try again.
    return { ...refused(FAULT), error };
  }
  switch (outcome.kind) {
    case 'accepted':
      return null;
    case 'rejected':
      return refused(malformed(outcome.reason));
    case 'retry_after': {
      const retryAfterSeconds = Math.max(1, Math.ceil(outcome.seconds));
      return refused({ kind: 'unavailable', message: outcome.reason, retryAfterSeconds });
    }
  }
}

/**
 * What came as gzip goes on as it came; what came compressed and was changed on the way in, or as zstd, as gzip anew;
 * null for what came uncompressed.
 */
async function gzipOf(body: ReceivedBody, checked: Uint8Array): Promise<Uint8Array | null> {
  if (body.compression === 'identity') return null;
  if (body.compression === 'gzip' && body.bytes === checked) return body.wire;
  return gzipAsync(checked, { level: GZIP_LEVEL });
}
