import fastifySwagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { OperatorError } from '#core/errors.ts';
import { stringifyExact } from '#core/exact-json.ts';
import { observeHttp } from '#self/http-observer.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';
import { createAccess } from './access.ts';
import type { ConsoleConfig } from './config.ts';
import { answerErrors, sendProblem } from './errors.ts';
import { guard, SECURITY_HEADERS } from './guard.ts';
import { describeApi } from './open-api.ts';
import { accountingRoutes } from './routes/accounting.ts';
import { type AlertRouteDeps, alertRoutes, WEBHOOK_ROUTE } from './routes/alerts.ts';
import { consoleRoutes } from './routes/console.ts';
import type { Api } from './routes/context.ts';
import { type HealthRouteDeps, healthRoutes } from './routes/health.ts';
import { logRoutes } from './routes/logs.ts';
import { metricRoutes } from './routes/metrics.ts';
import { type ProcessorRouteDeps, processorRoutes } from './routes/processors.ts';
import { serviceRoutes } from './routes/services.ts';
import { type StatusDeps, statusRoutes } from './routes/status.ts';
import { traceRoutes } from './routes/traces.ts';

export interface ApiServerDeps
  extends StatusDeps,
    AlertRouteDeps,
    ProcessorRouteDeps,
    Omit<HealthRouteDeps, 'access' | 'sendPage'> {
  logger: Logger;
  metrics: Metrics;
  tokens: { operator: string; machine: string };
  /** Folder of the built console. */
  consoleFolder: string;
  traceSampleRatio: number;
}

export interface ApiServer {
  /** Listens; throws OperatorError when the port is taken. */
  start(): Promise<{ url: string; port: number }>;
  stop(): Promise<void>;
  /** For tests: a request without a socket. */
  readonly app: Api;
}

const POLLED_ROUTES = new Set([
  '/livez',
  '/readyz',
  '/healthz',
  '/metrics',
  '/api/v1/status',
  '/api/v1/alerts',
  WEBHOOK_ROUTE,
]);

/** What machines and the console's own page ask for all the time. */
function isQuietRoute(route: string): boolean {
  return POLLED_ROUTES.has(route) || route.startsWith('/assets/');
}

/** Console, API, health endpoints and metrics on one port. */
export async function createApiServer(config: ConsoleConfig, deps: ApiServerDeps): Promise<ApiServer> {
  const access = createAccess(deps.tokens);
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    // An alert with a label of such a name must not take the whole notification with it.
    onProtoPoisoning: 'remove',
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', strict: false } },
    routerOptions: { maxParamLength: 512 },
    // An address that cannot be read meets no hook.
    frameworkErrors: ({ message }, _request, reply) => {
      reply.headers(SECURITY_HEADERS);
      sendProblem(reply as never, { status: 400, code: 'bad_request', message });
    },
  }).withTypeProvider<TypeBoxTypeProvider>() as Api;
  app.setSerializerCompiler(() => stringifyExact);
  answerErrors(app, deps.logger);
  const { random } = Math;
  observeHttp(
    app as never,
    { traceSampleRatio: deps.traceSampleRatio, isQuietRoute },
    { logger: deps.logger, metrics: deps.metrics, random, consumerOf: access.consumerOf },
  );
  guard(app, config, access);
  await app.register(fastifySwagger, describeApi(deps.version));
  serviceRoutes(app, deps);
  traceRoutes(app, deps);
  logRoutes(app, { ...deps, maxTails: config.max_tails });
  metricRoutes(app, deps);
  alertRoutes(app, deps);
  accountingRoutes(app, deps);
  processorRoutes(app, deps);
  statusRoutes(app, deps);
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  const sendPage = await consoleRoutes(app, { access, folder: deps.consoleFolder });
  healthRoutes(app, { ...deps, access, sendPage });

  return {
    app,
    async start() {
      const url = await app
        .listen({ host: config.host, port: config.port })
        .catch((error: NodeJS.ErrnoException) => {
          throw new OperatorError(
            `Cannot listen on ${config.host}:${config.port} for the console (${error.code}). ` +
              'Stop what uses it, or choose another with console.port or SIGNALBOX_CONSOLE_PORT.',
          );
        });
      return { url, port: Number(new URL(url).port) };
    },
    stop: () => app.close(),
  };
}
