import type { FastifyReply } from 'fastify';
import { discardRest } from './discard-rest.ts';
import { http2StreamOf, stopAfterAnswer } from './http2-stream.ts';
import { encodeRefusal, type Refusal } from './refusal.ts';
import { errorEncodingOf } from './request-head.ts';
import type { RequestLog } from './request-log.ts';

export interface Answers {
  send(reply: FastifyReply, status: number, body?: Uint8Array): FastifyReply;
  /** Answers with the Status of the refusal; `error` is the fault behind it, for the log only. */
  refuse(reply: FastifyReply, refusal: Refusal, error?: unknown): FastifyReply;
}

interface AnswersDeps {
  log: RequestLog;
  /** Of a welcome body. */
  limits: { maxBytes: number; timeoutMs: number };
  isStopping(): boolean;
}

/** How much more than a welcome body is read of a refused one. */
const DISCARD_FACTOR = 4;
/** Whoever may not send, or not now, gets to read why after a usual batch, and costs no more than that. */
const UNASKED = { maxBytes: 1024 * 1024, timeoutMs: 5_000 };

/** The one way out for every answer of the receiver. */
export function createAnswers({ log, limits, isStopping }: AnswersDeps): Answers {
  const refused = { ...limits, maxBytes: DISCARD_FACTOR * limits.maxBytes };

  function discardLimits(status: number): { maxBytes: number; timeoutMs: number } {
    return status === 401 || status === 429 ? UNASKED : refused;
  }

  function endHttp1(reply: FastifyReply, status: number): void {
    if (isStopping() || status === 408) reply.header('connection', 'close');
    if (status !== 408) discardRest(reply.request.raw, discardLimits(status));
  }

  function send(reply: FastifyReply, status: number, body?: Uint8Array): FastifyReply {
    const { raw } = reply.request;
    const stream = http2StreamOf(raw);
    if (stream === null) endHttp1(reply, status);
    else stopAfterAnswer(stream, limits.timeoutMs);
    return reply.code(status).send(body === undefined ? undefined : asBuffer(body));
  }

  return {
    send,
    refuse(reply, refusal, error) {
      const { raw, headers } = reply.request;
      log.of(raw, reply.raw).note(refusal.message, error);
      const encoded = encodeRefusal(refusal, errorEncodingOf(headers['content-type']));
      return send(reply.headers(encoded.headers), refusal.status, encoded.body);
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
