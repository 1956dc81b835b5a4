import type { IncomingMessage } from 'node:http';
import type { Clock } from '#core/clock.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Payload, Source } from '#core/payload.ts';
import type { Sink } from '#core/sink.ts';
import { checkRequest } from '#otlp/check.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import type { BodyBudget, BodyLease } from './body-budget.ts';
import type { OtlpHttpConfig } from './config.ts';
import type { Decompressor } from './decompress.ts';
import { readBody } from './read-body.ts';
import type { Refusal } from './refusal.ts';
import { type ExportHead, tooLarge } from './request-head.ts';

export type Ingested =
  | { kind: 'accepted'; rejected: number; message: string }
  | { kind: 'refused'; refusal: Refusal; error?: unknown }
  | { kind: 'gone' };

/** Sizes that the steps fill in as they go, so that a refused request is described as well. */
export interface Tally {
  bodyBytes: number;
  payloadBytes: number;
  items: number;
  rejected: number;
}

export interface IngestRequest {
  stream: IncomingMessage;
  head: ExportHead;
  source: Source;
  tally: Tally;
}

interface IngestDeps {
  sink: Sink;
  clock: Clock;
  budget: BodyBudget;
  decompressor: Decompressor;
}

type Step<T> = { ok: true; value: T } | { ok: false; result: Ingested };

const RETRY_AFTER_SECONDS = 5;

/**
 * The way of one export request: body, decompression, JSON to protobuf, check of the structure, next stage.
 * Results follow OTLP 1.11: what will never pass is a 4xx, what may pass later a 503, never a 500.
 */
export function createIngest(
  config: OtlpHttpConfig,
  { sink, clock, budget, decompressor }: IngestDeps,
): (request: IngestRequest) => Promise<Ingested> {
  const limits = { maxBytes: config.max_body_bytes, timeoutMs: config.body_timeout_ms };

  async function readWire({ stream, tally }: IngestRequest, lease: BodyLease): Promise<Step<Uint8Array>> {
    const read = await readBody(stream, { ...limits, lease });
    switch (read.kind) {
      case 'read':
        tally.bodyBytes = read.bytes.byteLength;
        return { ok: true, value: read.bytes };
      case 'gone':
        return { ok: false, result: { kind: 'gone' } };
      case 'too_large':
        return stop(tooLarge(limits.maxBytes));
      case 'too_slow':
        return stop({ status: 408, message: `the body was not complete after ${limits.timeoutMs} ms` });
      case 'no_memory':
        return stop(NO_MEMORY);
    }
  }

  async function decode(wire: Uint8Array, head: ExportHead, lease: BodyLease): Promise<Step<Uint8Array>> {
    if (head.compression === 'identity') return { ok: true, value: wire };
    const result = await decompressor.decompress(wire, head.compression, lease);
    switch (result.kind) {
      case 'done':
        lease.shrink(wire.byteLength);
        return { ok: true, value: result.bytes };
      case 'malformed':
        return stop({ status: 400, message: result.message });
      case 'too_large':
        return stop(tooLarge(limits.maxBytes));
      case 'no_memory':
        return stop(NO_MEMORY);
    }
  }

  async function offer(payload: Payload): Promise<Ingested | null> {
    let outcome: Outcome;
    try {
      outcome = await sink.offer(payload);
    } catch (error) {
      // A fault behind us says nothing about the payload, so the sender may try again.
      return {
        ...refused({ status: 503, message: 'internal fault', retryAfterSeconds: RETRY_AFTER_SECONDS }),
        error,
      };
    }
    switch (outcome.kind) {
      case 'accepted':
        return null;
      case 'rejected':
        return refused({ status: 400, message: outcome.reason });
      case 'retry_after': {
        const retryAfterSeconds = Math.max(1, Math.ceil(outcome.seconds));
        return refused({ status: 503, message: outcome.reason, retryAfterSeconds });
      }
    }
  }

  async function run(request: IngestRequest, lease: BodyLease): Promise<Ingested> {
    const { head, source, tally } = request;
    const { signal } = head;
    const wire = await readWire(request, lease);
    if (!wire.ok) return wire.result;
    const decoded = await decode(wire.value, head, lease);
    if (!decoded.ok) return decoded.result;
    const protobuf =
      head.encoding === 'json'
        ? jsonToProtobuf(signal, decoded.value)
        : { ok: true as const, bytes: decoded.value };
    if (!protobuf.ok) return refused({ status: 400, message: protobuf.message });
    const checked = checkRequest(signal, protobuf.bytes);
    if (!checked.ok) return refused({ status: 400, message: checked.message });
    const { items, rejected, reason } = checked;
    tally.payloadBytes = checked.bytes.byteLength;
    if (items > 0) {
      const bytes = inOwnBuffer(checked.bytes);
      const refusal = await offer({ signal, bytes, items, receivedUnixNano: clock(), source });
      if (refusal !== null) return refusal;
    }
    tally.items = items;
    tally.rejected = rejected;
    return { kind: 'accepted', rejected, message: reason };
  }

  return async (request) => {
    const lease = budget.lease();
    try {
      return await run(request, lease);
    } finally {
      lease.release();
    }
  };
}

const NO_MEMORY: Refusal = {
  status: 503,
  message: 'too many bytes are in flight',
  retryAfterSeconds: 1,
};

function refused(refusal: Refusal): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal };
}

function stop(refusal: Refusal): { ok: false; result: Ingested } {
  return { ok: false, result: refused(refusal) };
}

/** The next stage may move the buffer to another thread, so it must hold nothing else. */
function inOwnBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
