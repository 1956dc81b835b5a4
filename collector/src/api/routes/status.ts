import { whenGone } from '../abort.ts';
import { type StatusResponse, StatusResponse as statusSchema } from '../schemas/status.ts';
import type { Api, RouteDeps } from './context.ts';

export interface StatusDeps extends RouteDeps {
  version: string;
  startedUnixNano: bigint;
  otlpHttpUrl(): string;
  storeStatus(): StatusResponse['store'];
}

export function statusRoutes(api: Api, deps: StatusDeps): void {
  api.get(
    '/api/v1/status',
    { schema: { summary: 'What is here, and where apps send to', response: { 200: statusSchema } } },
    async (_request, reply) => ({
      version: deps.version,
      startedUnixNano: String(deps.startedUnixNano),
      otlpHttpUrl: deps.otlpHttpUrl(),
      received: await deps.query.received(whenGone(reply)),
      store: deps.storeStatus(),
    }),
  );
}
