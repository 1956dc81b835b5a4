import { Type } from 'typebox';
import { whenGone } from '../abort.ts';
import { sendProblem } from '../errors.ts';
import { parseId, spanFilters } from '../params.ts';
import { ApiError } from '../schemas/common.ts';
import { TraceResponse, TracesParams, TracesResponse } from '../schemas/traces.ts';
import { parseRange } from '../time.ts';
import type { Api, RouteDeps } from './context.ts';
import { describeRange } from './range.ts';

export function traceRoutes(api: Api, { clock, query }: RouteDeps): void {
  api.get(
    '/api/v1/traces',
    {
      schema: {
        summary: 'Traces with a span that meets all filters, newest first',
        querystring: TracesParams,
        response: { 200: TracesResponse, 400: ApiError },
      },
    },
    async (request, reply) => {
      const range = parseRange(request.query, clock());
      const page = { limit: request.query.limit, cursor: request.query.cursor ?? null };
      const result = await query.traces(
        { range, filters: spanFilters(request.query), page },
        whenGone(reply),
      );
      return { range: describeRange(range), ...result } as never;
    },
  );
  api.get(
    '/api/v1/traces/:traceId',
    {
      schema: {
        summary: 'One trace whole, with its logs',
        params: Type.Object({ traceId: Type.String({ description: '32 hexadecimal digits' }) }),
        response: { 200: TraceResponse, 400: ApiError, 404: ApiError },
      },
    },
    async (request, reply) => {
      const traceId = parseId('traceId', request.params.traceId, 32);
      const trace = await query.trace(traceId, whenGone(reply));
      if (trace !== null) return trace as never;
      const message = `No trace ${traceId} is here: it has not arrived (yet), was not sampled, or is past its retention.`;
      return sendProblem(reply, { status: 404, code: 'not_found', message }) as never;
    },
  );
}
