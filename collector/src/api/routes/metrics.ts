import { Type } from 'typebox';
import { whenGone } from '../abort.ts';
import { sendProblem } from '../errors.ts';
import { attributeFilters } from '../params.ts';
import { ApiError } from '../schemas/common.ts';
import { MetricParams, MetricResponse, MetricsParams, MetricsResponse } from '../schemas/metrics.ts';
import { parseRange } from '../time.ts';
import type { Api, RouteDeps } from './context.ts';
import { describeRange } from './range.ts';

export function metricRoutes(api: Api, { clock, query }: RouteDeps): void {
  api.get(
    '/api/v1/metrics',
    {
      schema: {
        summary: 'Metrics with points in the range, by name',
        querystring: MetricsParams,
        response: { 200: MetricsResponse, 400: ApiError },
      },
    },
    async (request, reply) => {
      const { cursor = null, limit, q = null, service = null } = request.query;
      const range = parseRange(request.query, clock());
      const result = await query.metrics({ range, q, service, page: { limit, cursor } }, whenGone(reply));
      return { range: describeRange(range), ...result };
    },
  );
  api.get(
    '/api/v1/metrics/:name',
    {
      schema: {
        summary: 'Values of one metric over time',
        params: Type.Object({ name: Type.String({ description: 'As the sender named it' }) }),
        querystring: MetricParams,
        response: { 200: MetricResponse, 400: ApiError, 404: ApiError },
      },
    },
    async (request, reply) => {
      const { by, service = null, stat = null, step = null } = request.query;
      const { name } = request.params;
      const range = parseRange(request.query, clock());
      const keys = by?.split(',').filter((key) => key !== '') ?? null;
      const attributes = attributeFilters(request.query);
      const result = await query.metric(
        { range, name, service, by: keys, stat, stepSeconds: step, attributes },
        whenGone(reply),
      );
      if (result !== null) return { range: describeRange(range), ...result } as never;
      const message = `No metric ${name} has points that meet these filters in this range.`;
      return sendProblem(reply, { status: 404, code: 'not_found', message }) as never;
    },
  );
}
