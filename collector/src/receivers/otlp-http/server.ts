import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { SIGNALS } from '#core/signal.ts';
import type { Sink } from '#core/sink.ts';
import type { CheckLimits } from '#otlp/check-state.ts';
import { encodeExportResponse } from '#otlp/response.ts';
import { createAnswers } from './answers.ts';
import { createBodyBudget } from './body-budget.ts';
import type { OtlpHttpConfig } from './config.ts';
import { createCors, isPreflight } from './cors.ts';
import { createDecompressor } from './decompress.ts';
import { close, createHttpServer, listen } from './http-server.ts';
import { createIngest, type NoteDelta } from './ingest.ts';
import type { ReceiverObserver } from './observer.ts';
import type { Processing } from './processing.ts';
import { createReceiveBody } from './receive-body.ts';
import { MEDIA_TYPES, type Refusal } from './refusal.ts';
import { ALLOWED_METHODS, checkHead, pathOf, signalOfPath } from './request-head.ts';
import { createRequestLog } from './request-log.ts';

export interface OtlpHttpReceiver {
  /** Listens. Throws an OperatorError when the address cannot be had. */
  start(): Promise<{ url: string; port: number }>;
  /** Takes no more requests, lets those in flight end for some seconds, then closes. Twice is harmless. */
  stop(): Promise<void>;
}

export interface OtlpHttpDeps {
  sink: Sink;
  clock: Clock;
  observer: ReceiverObserver;
  /** Random, of this process: requests whose header `x-signalbox-self` equals it are our own telemetry. */
  selfToken: string;
  processing: Processing;
  noteDelta: NoteDelta;
}

/** Of an attribute with a key and a value of a few letters, and of one with something to be taken out. */
const MIN_MEMBER_BYTES = 16;
const MIN_SPOT_BYTES = 64;
const STOP_GRACE_MS = 5_000;
const STOPPING: Refusal = { status: 503, message: 'the receiver is stopping', retryAfterSeconds: 5 };
const FAULT: Refusal = { status: 500, message: 'internal fault' };
const ORIGIN: Refusal = {
  status: 403,
  message: 'pages of this origin may not send telemetry, see otlp_http.cors',
};

function limitsOf({ max_body_bytes, max_items }: OtlpHttpConfig): CheckLimits {
  return {
    maxItems: max_items,
    maxMembers: Math.ceil(max_body_bytes / MIN_MEMBER_BYTES),
    maxSpots: Math.ceil(max_body_bytes / MIN_SPOT_BYTES),
  };
}

/**
 * Receives OTLP/HTTP (1.11): `POST /v1/traces`, `/v1/metrics` and `/v1/logs`. Every request is judged by
 * its head first; only what passes gets its body read.
 */
export function createOtlpHttpReceiver(config: OtlpHttpConfig, deps: OtlpHttpDeps): OtlpHttpReceiver {
  let stopping: Promise<void> | null = null;
  const log = createRequestLog(deps.observer, deps.selfToken);
  const cors = createCors(config.cors);
  const limits = { maxBytes: config.max_body_bytes, timeoutMs: config.body_timeout_ms };
  const answers = createAnswers({ log, limits, isStopping: () => stopping !== null });
  const decompressor = createDecompressor(limits.maxBytes);
  const ingest = createIngest({
    limits: limitsOf(config),
    sink: deps.sink,
    clock: deps.clock,
    budget: createBodyBudget(config.max_concurrent_body_bytes),
    receiveBody: createReceiveBody({ decompressor, limits }),
    processing: deps.processing,
    noteDelta: deps.noteDelta,
  });

  /** Why this request goes no further, or null. Sets the CORS headers of its answer. */
  function judge({ raw, headers, method }: FastifyRequest, reply: FastifyReply): Refusal | null {
    const record = log.of(raw, reply.raw);
    const { origin } = headers;
    if (origin !== undefined) {
      if (!cors.allows(origin)) return ORIGIN;
      reply.headers(cors.headers(origin));
    }
    if (stopping !== null) return STOPPING;
    const path = pathOf(raw);
    if (method === 'OPTIONS' && signalOfPath(path) !== null) return null;
    const checked = checkHead({ method, path, headers }, limits.maxBytes);
    if (!checked.ok) return checked.refusal;
    record.head = checked.head;
    return null;
  }

  function onOptions({ method, headers }: FastifyRequest, reply: FastifyReply): void {
    reply.headers(isPreflight(method, headers) ? cors.preflightHeaders() : { allow: ALLOWED_METHODS });
    answers.send(reply, 204);
  }

  async function onExport(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { raw, headers } = request;
    const record = log.of(raw, reply.raw);
    const { head, tally, isSelf } = record;
    if (head === null) throw new Error('an export request came past judge()');
    if (headers.expect !== undefined) reply.raw.writeContinue();
    const result = await ingest({ stream: raw, head, tally, source: isSelf ? 'self' : 'otlp_http' });
    if (result.kind === 'gone') return reply.hijack();
    if (result.kind === 'refused') return answers.refuse(reply, result.refusal, result.error);
    if (result.message !== '') record.note(result.message);
    reply.header('content-type', MEDIA_TYPES[head.encoding]);
    const { message, rejected, warning } = result;
    const told = { rejected, message: [message, warning].filter((text) => text !== '').join('. ') };
    return answers.send(reply, 200, encodeExportResponse(head.signal, told, head.encoding));
  }

  const app = createHttpServer(config, {
    onClientError: log.clientError,
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
    start: () => listen(app, config),
    stop() {
      stopping ??= close(app, STOP_GRACE_MS);
      return stopping;
    },
  };
}
