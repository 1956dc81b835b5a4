import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '#core/clock.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Payload, Source } from '#core/payload.ts';
import type { Sink } from '#core/sink.ts';
import { checkRequest } from '#otlp/check.ts';
import type { CheckLimits } from '#otlp/check-state.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import type { BodyBudget, BodyLease } from './body-budget.ts';
import type { Processed, Processing } from './processing.ts';
import type { ReceiveBody, ReceivedBody } from './receive-body.ts';
import type { Refusal } from './refusal.ts';
import type { ExportHead } from './request-head.ts';

export type Ingested =
  /** `message` says why items were left out, `warning` what is wrong with those that were not; '' for nothing. */
  | { kind: 'accepted'; rejected: number; message: string; warning: string }
  | { kind: 'refused'; refusal: Refusal; error?: unknown }
  | { kind: 'gone' };

/** Sizes that the steps fill in as they go, so that a refused request is described as well. */
export interface Tally {
  bodyBytes: number;
  payloadBytes: number;
  items: number;
  rejected: number;
  deltaPoints: number;
}

export interface IngestRequest {
  stream: IncomingMessage;
  head: ExportHead;
  source: Source;
  tally: Tally;
}

interface IngestDeps {
  /** Many tiny parts cost far more than their bytes tell, here and behind us. */
  limits: CheckLimits;
  sink: Sink;
  clock: Clock;
  budget: BodyBudget;
  receiveBody: ReceiveBody;
  processing: Processing;
  noteDelta: NoteDelta;
}

/** Is told of accepted data points with delta temporality; what it returns goes to the sender as a warning. */
export type NoteDelta = (service: string, points: number) => string;

const gzipAsync = promisify(gzip);
const GZIP_LEVEL = 1;

const FAULT: Refusal = { status: 503, message: 'internal fault', retryAfterSeconds: 5 };

/**
 * The way of one export request: body, JSON to protobuf, check of the structure, next stage. Results follow
 * OTLP 1.11, "OTLP/HTTP Response": what will never pass is a 4xx, what may pass later a 503, never a 500.
 */
export function createIngest({
  limits,
  sink,
  clock,
  budget,
  receiveBody,
  processing,
  noteDelta,
}: IngestDeps): (request: IngestRequest) => Promise<Ingested> {
  async function ingest({ stream, head, source, tally }: IngestRequest, lease: BodyLease): Promise<Ingested> {
    const { signal, encoding } = head;
    const body = await receiveBody(stream, head.compression, lease);
    if (body.kind !== 'received') return body;
    tally.bodyBytes = body.wire.byteLength;
    const protobuf =
      encoding === 'json' ? jsonToProtobuf(signal, body.bytes) : { ok: true as const, bytes: body.bytes };
    if (!protobuf.ok) return malformed(protobuf.message);
    const receivedUnixNano = clock();
    const interest = processing.interest(receivedUnixNano);
    const checked = checkRequest(signal, protobuf.bytes, { interest, limits });
    if (!checked.ok) return checked.isTooMany ? tooMany(checked.message) : malformed(checked.message);
    const { items, rejected, reason } = checked;
    tally.payloadBytes = checked.bytes.byteLength;
    tally.items = items;
    const processed = tryProcess(processing, { ...checked, signal, receivedUnixNano, source });
    if ('error' in processed) return { kind: 'refused', refusal: FAULT, error: processed.error };
    if (processed.items > 0) {
      const gzip = await gzipOf(body, processed.bytes);
      const { maxTimeUnixMs, minTimeUnixMs } = checked;
      const refused = await offer(sink, {
        signal,
        tenant: '',
        bytes: processed.bytes,
        gzip,
        items: processed.items,
        receivedUnixNano,
        minTimeUnixMs,
        maxTimeUnixMs,
        longestItemBytes: processed.longestItemBytes,
        source,
      });
      if (refused !== null) return refused;
    }
    tally.rejected = rejected;
    tally.deltaPoints = checked.deltaPoints;
    const isNoted = checked.deltaPoints > 0 && source !== 'self';
    const delta = isNoted ? noteDelta(checked.deltaService, checked.deltaPoints) : '';
    const warning = [processed.warning, delta].filter((text) => text !== '').join('. ');
    return { kind: 'accepted', rejected, message: reason, warning };
  }

  return async (request) => {
    const lease = budget.lease();
    try {
      return await ingest(request, lease);
    } finally {
      lease.release();
    }
  };
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
    return { kind: 'refused', refusal: FAULT, error };
  }
  switch (outcome.kind) {
    case 'accepted':
      return null;
    case 'rejected':
      return malformed(outcome.reason);
    case 'retry_after': {
      const retryAfterSeconds = Math.max(1, Math.ceil(outcome.seconds));
      return { kind: 'refused', refusal: { status: 503, message: outcome.reason, retryAfterSeconds } };
    }
  }
}

function tooMany(message: string): Ingested {
  return { kind: 'refused', refusal: { status: 413, message } };
}

function malformed(message: string): Ingested {
  return { kind: 'refused', refusal: { status: 400, message } };
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
