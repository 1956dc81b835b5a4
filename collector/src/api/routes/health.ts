import type { FastifyRequest } from 'fastify';
import { isAtLeast } from '#access/principal.ts';
import type { HealthRegistry } from '#self/health.ts';
import type { Callers } from '../access.ts';
import { type SendPage, wantsPage } from './console.ts';
import type { Api } from './context.ts';

export interface HealthRouteDeps {
  callers: Callers;
  health: HealthRegistry;
  readMetrics(): Promise<{ contentType: string; text: string }>;
  sendPage: SendPage;
}

/** `/livez`, `/readyz`, `/healthz` and `/metrics`. Details only to who has logged in. */
export function healthRoutes(api: Api, { callers, health, readMetrics, sendPage }: HealthRouteDeps): void {
  const isViewer = (request: FastifyRequest) => isAtLeast(callers.of(request).principal.role, 'viewer');
  const hide = { schema: { hide: true } };
  api.get('/livez', hide, async () => health.livez());
  api.get('/readyz', hide, async (request, reply) => {
    const { checks, ready } = await health.readyz();
    const isVerbose = 'verbose' in (request.query as object) && isViewer(request);
    return reply.code(ready ? 200 : 503).send(isVerbose ? { ready, checks } : { ready });
  });
  api.get('/healthz', hide, async (request, reply) => {
    const body = await health.healthz();
    const shown = isViewer(request) ? body : { status: body.status };
    return reply
      .code(body.status === 'fail' ? 503 : 200)
      .type('application/health+json')
      .send(shown);
  });
  api.get('/metrics', hide, async (request, reply) => {
    // The console's page of metrics has the same address.
    if (wantsPage(request)) return sendPage(reply);
    const { contentType, text } = await readMetrics();
    return reply.serializer(String).type(contentType).send(text);
  });
}
