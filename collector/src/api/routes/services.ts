import { whenGone } from '../abort.ts';
import { ApiError } from '../schemas/common.ts';
import { ServicesParams, ServicesResponse } from '../schemas/services.ts';
import { parseRange } from '../time.ts';
import type { Api, RouteDeps } from './context.ts';
import { describeRange } from './range.ts';

export function serviceRoutes(api: Api, { clock, query }: RouteDeps): void {
  api.get(
    '/api/v1/services',
    {
      schema: {
        summary: 'Request rate, errors and durations of each service and operation',
        querystring: ServicesParams,
        response: { 200: ServicesResponse, 400: ApiError },
      },
    },
    async (request, reply) => {
      const { points, service = null } = request.query;
      const range = parseRange(request.query, clock());
      const result = await query.services({ range, service, points }, whenGone(reply));
      return { range: describeRange(range), ...result };
    },
  );
}
