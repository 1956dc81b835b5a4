import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { BusyError } from '#access/hash-queue.ts';
import { AccessError } from '#access/refusal.ts';
import { InterruptedError } from '#core/errors.ts';
import { KeyError } from '#keys/key-error.ts';
import { EngineError } from '#query/engine-error.ts';
import { BadRequestError } from '#query/requests.ts';
import type { Logger } from '#self/log-record.ts';

interface Problem {
  status: number;
  code: string;
  message: string;
  param?: string;
}

/** Answers with the error body of the API. */
export function sendProblem(reply: FastifyReply, { status, ...error }: Problem): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error });
}

/** Answers who tried too often; `seconds` is told as Retry-After. */
export function sendWait(reply: FastifyReply, seconds: number): FastifyReply {
  reply.header('retry-after', String(seconds));
  const message = `Too many attempts. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
  return sendProblem(reply, { status: 429, code: 'too_many_attempts', message });
}

/** One mapping of faults to answers for the whole API; what is our own fault is logged, not told. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error);
    const { url: route } = request.routeOptions;
    if (error instanceof EngineError)
      logger.warn('an engine gave no answer', { route, reason: problem.message });
    else if (problem.status >= 500 && !(error instanceof InterruptedError)) {
      logger.error('api request failed', { route, error });
    }
    if (error instanceof BusyError) reply.header('retry-after', '2');
    return sendProblem(reply, problem);
  });
}

const ENGINE_STATUS: Record<EngineError['kind'], number> = {
  unavailable: 503,
  timeout: 504,
  refused: 422,
  failed: 502,
};

const STATUS: Record<AccessError['reason'] | KeyError['reason'], number> = {
  invalid: 400,
  not_found: 404,
  exists: 409,
  full: 409,
  unavailable: 503,
};

function toProblem(error: FastifyError): Problem {
  if (error instanceof AccessError || error instanceof KeyError) {
    const { message, param, reason } = error;
    const code = reason === 'invalid' ? 'bad_request' : reason;
    return { status: STATUS[reason], code, message, ...(param === '' ? {} : { param }) };
  }
  if (error instanceof BusyError) {
    return { status: 429, code: 'busy', message: 'Too much at the same time. Try again in a moment.' };
  }
  if (error instanceof BadRequestError) {
    return {
      status: 400,
      code: 'bad_request',
      param: error.param,
      message: `${error.param}: ${error.message}`,
    };
  }
  if (error instanceof EngineError) {
    return { status: ENGINE_STATUS[error.kind], code: `engine_${error.kind}`, message: error.message };
  }
  if (error instanceof InterruptedError) {
    return {
      status: 504,
      code: 'query_timeout',
      message: `The query did not finish: ${error.message}. Try a shorter range, or again in a moment.`,
    };
  }
  if (error.validation !== undefined) return invalid(error);
  const status = error.statusCode ?? 500;
  if (status < 500) return { status, code: 'bad_request', message: error.message };
  return {
    status: 500,
    code: 'internal',
    message: 'Something went wrong here; the log of Signalbox says what.',
  };
}

function invalid(error: FastifyError): Problem {
  const first = error.validation![0]!;
  const extra = (first.params as { additionalProperty?: string }).additionalProperty;
  const param = extra ?? first.instancePath.slice(1);
  const message =
    extra === undefined
      ? `${param || 'the body'} ${first.message}`
      : `${extra} is not a parameter of this request`;
  return { status: 400, code: 'bad_request', message, ...(param === '' ? {} : { param }) };
}
