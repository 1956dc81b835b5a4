import type { Server } from 'node:http';
import fastifySwagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { Access } from '#access/access.ts';
import { OperatorError } from '#core/errors.ts';
import { stringifyExact } from '#core/exact-json.ts';
import type { Tls } from '#listen/tls.ts';
import { observeHttp } from '#self/http-observer.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';
import { createCallers } from './access.ts';
import type { ConsoleConfig } from './config.ts';
import { openConsoleTls, speakTls } from './console-tls.ts';
import { answerErrors, sendProblem } from './errors.ts';
import { guard } from './guard.ts';
import { describeApi } from './open-api.ts';
import { accountingRoutes } from './routes/accounting.ts';
import { type AlertRouteDeps, alertRoutes, WEBHOOK_ROUTE } from './routes/alerts.ts';
import { auditRoutes } from './routes/audit.ts';
import { consoleRoutes } from './routes/console.ts';
import type { Api } from './routes/context.ts';
import { type HealthRouteDeps, healthRoutes } from './routes/health.ts';
import { type KeyRouteDeps, keyRoutes } from './routes/keys.ts';
import { loginRoutes } from './routes/login.ts';
import { logRoutes } from './routes/logs.ts';
import { metricRoutes } from './routes/metrics.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { peopleRoutes } from './routes/people.ts';
import { type ProcessorRouteDeps, processorRoutes } from './routes/processors.ts';
import { serviceRoutes } from './routes/services.ts';
import { sessionRoutes } from './routes/session.ts';
import { type StatusDeps, statusRoutes } from './routes/status.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { traceRoutes } from './routes/traces.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export interface ApiServerDeps
  extends StatusDeps,
    AlertRouteDeps,
    ProcessorRouteDeps,
    Omit<KeyRouteDeps, 'callers'>,
    Omit<HealthRouteDeps, 'callers' | 'sendPage'> {
  logger: Logger;
  metrics: Metrics;
  access: Access;
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

/** For a whole request; without, a body that comes byte by byte would hold its connection for good. */
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 1024;
/** Of the line of a request and all its headers; more is 431. */
const MAX_HEAD_BYTES = 16 * 1024;

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
  const { access } = deps;
  const tls = openConsoleTls(config, deps);
  const app = createApp(tls, deps.logger);
  app.setSerializerCompiler(() => stringifyExact);
  answerErrors(app, deps.logger);
  const callers = createCallers(access, config.public_url);
  const { random } = Math;
  observeHttp(
    app as never,
    { traceSampleRatio: deps.traceSampleRatio, isQuietRoute },
    { logger: deps.logger, metrics: deps.metrics, random, consumerOf: callers.wordFor },
  );
  const guarded = guard(app, config, { access, callers });
  await app.register(fastifySwagger, describeApi(deps.version));
  serviceRoutes(app, deps);
  traceRoutes(app, deps);
  logRoutes(app, { ...deps, callers, maxTails: config.max_tails });
  metricRoutes(app, deps);
  alertRoutes(app, deps);
  accountingRoutes(app, deps);
  processorRoutes(app, deps);
  keyRoutes(app, { ...deps, callers });
  statusRoutes(app, deps);
  sessionRoutes(app, { access, callers });
  peopleRoutes(app, deps);
  tokenRoutes(app, deps);
  auditRoutes(app, deps);
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  const sendPage = await consoleRoutes(app, { guard: guarded, folder: deps.consoleFolder });
  const sendLoginPage = await loginRoutes(app, { access, callers });
  if (access.oidc !== null) oidcRoutes(app, { access, callers, oidc: access.oidc, sendLoginPage });
  healthRoutes(app, { ...deps, callers, sendPage });

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
      const shown = tls === null ? url : url.replace(/^http:/, 'https:');
      return { url: shown, port: Number(new URL(url).port) };
    },
    async stop() {
      await app.close();
      tls?.close();
    },
  };
}

function createApp(tls: Tls | null, logger: Logger): Api {
  const maxHeaderSize = MAX_HEAD_BYTES;
  const app = fastify<Server>({
    ...speakTls(tls, { maxHeaderSize, maxConnections: MAX_CONNECTIONS, logger }),
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: 64 * 1024,
    http: { maxHeaderSize, requireHostHeader: true },
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
  app.server.requestTimeout = REQUEST_TIMEOUT_MS;
  app.server.maxConnections = MAX_CONNECTIONS;
  return app;
}
