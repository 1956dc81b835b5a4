import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Gate } from '#core/gate.ts';
import { admit } from '../otlp/admission.ts';
import { STOPPING } from '../otlp/failure.ts';
import type { Cors } from './cors.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { checkHead, pathOf, signalOfPath } from './request-head.ts';
import type { RequestLog, RequestRecord } from './request-log.ts';

interface JudgeDeps {
  log: RequestLog;
  cors: Cors;
  gate: Gate;
  maxBodyBytes: number;
  isStopping(): boolean;
}

/** Why a request goes no further, or null. Sets the CORS headers of its answer, and head and sender of its record. */
export type Judge = (request: FastifyRequest, reply: FastifyReply) => Refusal | null;

const ORIGIN: Refusal = {
  status: 403,
  message: 'pages of this origin may not send telemetry, see otlp_http.cors',
};

/** Judges requests by their heads alone: origin, path, method, types, length, and then who sends. */
export function createJudge({ cors, gate, isStopping, log, maxBodyBytes }: JudgeDeps): Judge {
  function judgeSender({ headers, rawHeaders }: IncomingMessage, record: RequestRecord): Refusal | null {
    if (record.isSelf) return null;
    const admitted = admit(gate, rawHeaders, Number(headers['content-length'] ?? 0));
    if (!admitted.ok) return refusalOf(admitted.failure);
    record.sender = admitted.sender;
    return null;
  }

  return ({ raw, headers, method }, reply) => {
    const record = log.of(raw, reply.raw);
    const { origin } = headers;
    if (origin !== undefined) {
      if (!cors.allows(origin)) return ORIGIN;
      reply.headers(cors.headers(origin));
    }
    if (isStopping()) return refusalOf(STOPPING);
    const path = pathOf(raw);
    if (method === 'OPTIONS' && signalOfPath(path) !== null) return null;
    const checked = checkHead({ method, path, headers }, maxBodyBytes);
    if (!checked.ok) return checked.refusal;
    record.head = checked.head;
    return judgeSender(raw, record);
  };
}
