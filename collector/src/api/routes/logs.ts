import { Type } from 'typebox';
import { whenGone } from '../abort.ts';
import type { Callers } from '../access.ts';
import { sendProblem } from '../errors.ts';
import { logFilters } from '../params.ts';
import { ApiError } from '../schemas/common.ts';
import { LogsParams, LogsResponse, LogsTailParams } from '../schemas/logs.ts';
import { streamTail } from '../tail-stream.ts';
import { parseRange } from '../time.ts';
import type { Api, RouteDeps } from './context.ts';
import { describeRange } from './range.ts';

export function logRoutes(api: Api, deps: RouteDeps & { callers: Callers; maxTails: number }): void {
  const { callers, clock, query } = deps;
  let tails = 0;
  api.get(
    '/api/v1/logs',
    {
      schema: {
        summary: 'Log records that meet all filters, newest first',
        querystring: LogsParams,
        response: { 200: LogsResponse, 400: ApiError },
      },
    },
    async (request, reply) => {
      const range = parseRange(request.query, clock());
      const page = { limit: request.query.limit, cursor: request.query.cursor ?? null };
      const result = await query.logs({ range, filters: logFilters(request.query), page }, whenGone(reply));
      return { range: describeRange(range), ...result } as never;
    },
  );
  api.get(
    '/api/v1/logs/tail',
    {
      // It would hold a tail open without anything to send.
      exposeHeadRoute: false,
      schema: {
        summary: 'Log records as they arrive, as server-sent events `log` and `dropped`',
        querystring: LogsTailParams,
        response: {
          200: {
            description: 'Until the reader leaves',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          400: ApiError,
          429: ApiError,
        },
      },
    },
    async (request, reply) => {
      const filters = logFilters(request.query);
      if (tails >= deps.maxTails) {
        const message = `${tails} live tails are open already (console.max_tails). Close one and try again.`;
        return sendProblem(reply, { status: 429, code: 'too_many_tails', message });
      }
      tails++;
      try {
        await streamTail(reply, query.tailLogs(filters), {
          gone: whenGone(reply),
          mayGoOn: () => callers.mayStillRead(request),
        });
      } finally {
        tails--;
      }
      return reply;
    },
  );
}
