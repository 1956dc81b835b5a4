import type { FastifyReply } from 'fastify';
import { discardRest } from './read-body.ts';
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
  /** Of a welcome body; see discardRest for what they mean to a refused one. */
  limits: { maxBytes: number; timeoutMs: number };
  isStopping(): boolean;
}

/** The one way out for every answer of the receiver. */
export function createAnswers({ log, limits, isStopping }: AnswersDeps): Answers {
  function send(reply: FastifyReply, status: number, body?: Uint8Array): FastifyReply {
    const { raw } = reply.request;
    if (isStopping() || status === 408) reply.header('connection', 'close');
    if (status !== 408) discardRest(raw, limits);
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
