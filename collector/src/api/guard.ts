import type { FastifyRequest } from 'fastify';
import type { Access } from './access.ts';
import type { ConsoleConfig } from './config.ts';
import { sendProblem } from './errors.ts';
import { createHostCheck } from './host-check.ts';
import { WEBHOOK_ROUTE } from './routes/alerts.ts';
import { wantsPage } from './routes/console.ts';
import type { Api } from './routes/context.ts';

export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const LOGIN = 'Send the operators\' token as "Authorization: Bearer …", or open the link printed at start.';

/** What machines may do, beside the operators. */
const MACHINE_ROUTES = new Set(['GET /metrics', 'HEAD /metrics', `POST ${WEBHOOK_ROUTE}`]);

/** Security headers on everything; Host and Origin checked; the API only for operators, some routes also for machines. */
export function guard(app: Api, config: ConsoleConfig, access: Access): void {
  const checkHost = createHostCheck(config);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const wrong = checkHost(request);
    if (wrong !== null) return sendProblem(reply, { status: 403, code: 'forbidden', message: wrong });
    if (routeOf(request).startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (isAllowed(request, access)) return;
    reply.header('www-authenticate', 'Bearer realm="signalbox"');
    return sendProblem(reply, { status: 401, code: 'unauthorized', message: LOGIN });
  });
}

function isAllowed(request: FastifyRequest, access: Access): boolean {
  const route = routeOf(request);
  if (route === '/metrics' ? wantsPage(request) : !route.startsWith('/api/')) return true;
  const consumer = access.consumerOf(request);
  return (
    consumer === 'operator' || (consumer === 'machine' && MACHINE_ROUTES.has(`${request.method} ${route}`))
  );
}

/** The route that will answer, not the address as written: `/%61pi/…` leads to the same place as `/api/…`. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '';
}
