import type { FastifyReply, FastifyRequest } from 'fastify';
import { ANONYMOUS, type Gate } from '#core/gate.ts';
import { SIGNALS } from '#core/signal.ts';
import type { Tls } from '#listen/tls.ts';
import { encodeExportResponse } from '#otlp/response.ts';
import { createIngest, type IngestDeps } from '../otlp/ingest.ts';
import type { ReceiverObserver } from '../otlp/observer.ts';
import { createAnswers } from './answers.ts';
import type { OtlpHttpConfig } from './config.ts';
import { createCors, isPreflight } from './cors.ts';
import { close, createHttpServer, listen } from './http-server.ts';
import { createJudge } from './judge.ts';
import { readHttpBody } from './read-http-body.ts';
import { MEDIA_TYPES, type Refusal, refusalOf } from './refusal.ts';
import { ALLOWED_METHODS } from './request-head.ts';
import { createRequestLog } from './request-log.ts';

export interface OtlpHttpReceiver {
  /** Listens. Throws an OperatorError when the address cannot be had. */
  start(): Promise<{ url: string; port: number }>;
  /** Takes no more requests, lets those in flight end for some seconds, then closes. Twice is harmless. */
  stop(): Promise<void>;
}

export interface OtlpHttpDeps extends IngestDeps {
  observer: ReceiverObserver;
  gate: Gate;
  /** Null: plain HTTP. */
  tls: Tls | null;
  /** Random, of this process: requests whose header `x-signalbox-self` equals it are our own telemetry. */
  selfToken: string;
}

const STOP_GRACE_MS = 5_000;
const FAULT: Refusal = { status: 500, message: 'internal fault' };
/**
 * Receives OTLP/HTTP (1.11): `POST /v1/traces`, `/v1/metrics` and `/v1/logs`. Every request is judged by
 * its head first; only what passes gets its body read.
 */
export function createOtlpHttpReceiver(config: OtlpHttpConfig, deps: OtlpHttpDeps): OtlpHttpReceiver {
  let stopping: Promise<void> | null = null;
  const log = createRequestLog(deps);
  const cors = createCors(config.cors);
  const limits = { maxBytes: config.max_body_bytes, timeoutMs: config.body_timeout_ms };
  const isStopping = () => stopping !== null;
  const answers = createAnswers({ log, limits, isStopping });
  const judge = createJudge({ log, cors, gate: deps.gate, maxBodyBytes: limits.maxBytes, isStopping });
  const ingest = createIngest({ maxBytes: limits.maxBytes, maxItems: config.max_items }, deps);

  function onOptions({ method, headers }: FastifyRequest, reply: FastifyReply): void {
    reply.headers(isPreflight(method, headers) ? cors.preflightHeaders() : { allow: ALLOWED_METHODS });
    answers.send(reply, 204);
  }

  async function onExport(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { raw, headers } = request;
    const record = log.of(raw, reply.raw);
    const { head, isSelf, sender, tally } = record;
    if (head === null) throw new Error('an export request came past judge()');
    if (headers.expect !== undefined) reply.raw.writeContinue();
    const { compression, encoding, signal } = head;
    const working = ingest({
      signal,
      encoding,
      source: isSelf ? 'self' : 'otlp_http',
      sender: sender ?? ANONYMOUS,
      tally,
      read: (lease) => readHttpBody(raw, { ...limits, compression }, { lease, tally }),
    }).then((result) => {
      record.isAccepted = result.kind === 'accepted';
      return result;
    });
    record.settled = working.catch(() => {});
    const result = await working;
    if (result.kind === 'gone') return reply.hijack();
    if (result.kind === 'refused') return answers.refuse(reply, refusalOf(result.failure), result.error);
    if (result.reason !== '') record.note(result.reason);
    reply.header('content-type', MEDIA_TYPES[encoding]);
    return answers.send(reply, 200, encodeExportResponse(signal, result, encoding));
  }

  const app = createHttpServer(config, {
    tls: deps.tls,
    onClientError: log.clientError,
    onTlsError: (error, socket) => log.connectionFailed(`TLS: ${error.message}`, socket),
    onBadPath: (request, reply) => answers.refuse(reply, judge(request, reply) ?? FAULT),
    onFault: (error, reply) => answers.refuse(reply, FAULT, error),
  });
  app.addHook('onRequest', (request, reply, next) => {
    const refusal = judge(request, reply);
    if (refusal !== null) answers.refuse(reply, refusal);
    else if (request.method === 'OPTIONS') onOptions(request, reply);
    else next();
  });
  for (const signal of SIGNALS) app.post(`/v1/${signal}`, onExport);

  return {
    start: () => listen(app, config, { isTls: deps.tls !== null }),
    stop() {
      stopping ??= close(app, STOP_GRACE_MS);
      return stopping;
    },
  };
}
