import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '#access/access.ts';
import { isAtLeast, type Principal } from '#access/principal.ts';
import type { Callers } from './access.ts';
import { auditEntryOf } from './audit-notes.ts';
import type { ConsoleConfig } from './config.ts';
import { csrfMistake } from './csrf.ts';
import { sendProblem } from './errors.ts';
import { createHostCheck, createOriginCheck, type OriginCheck } from './host-check.ts';
import { wrongHead } from './request-head.ts';
import { CONSOLE_FILE, type Right, rightOf } from './rights.ts';
import { wantsPage } from './routes/console.ts';
import type { Api } from './routes/context.ts';
import { SECURITY_HEADERS, STRICT_TRANSPORT } from './security-headers.ts';

const LOGIN =
  'Log in at /login, or send a token as "Authorization: Bearer …": the operators\' token, or one that an admin made.';

/** What is in their answers depends on who asks. */
const IS_PRIVATE = /^\/(api\/|metrics$|healthz$|readyz$)/;

export interface Guard {
  /** Routes that `register` adds are the console's files, which need no rule of their own. */
  addConsoleFiles(register: () => Promise<void>): Promise<void>;
}

export interface GuardDeps {
  access: Access;
  callers: Callers;
}

/**
 * Stands before every route: security headers on everything; Host and Origin checked; then who asks, against the rule
 * of the route. Must be called before routes are registered: one without a rule throws there.
 */
export function guard(app: Api, config: ConsoleConfig, deps: GuardDeps): Guard {
  const { access, callers } = deps;
  const rights = new Map<string, Right>();
  const checkHost = createHostCheck(config);
  const isOwnOrigin = createOriginCheck(config.public_url);
  const once = new Set(access.proxyHeaders);
  let areConsoleFiles = false;

  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      const isFile = areConsoleFiles && !url.startsWith('/api/') && (each === 'GET' || each === 'HEAD');
      const right = rightOf(each, url) ?? (isFile ? CONSOLE_FILE : undefined);
      if (right === undefined) {
        throw new Error(`Nothing says who may ask ${each} ${url}: add it to collector/src/api/rights.ts`);
      }
      rights.set(`${each} ${url}`, right);
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (callers.isSecure(request)) reply.headers(STRICT_TRANSPORT);
    const head = wrongHead(request, once);
    if (head !== null) return sendProblem(reply, head);
    const wrong = checkHost(request);
    if (wrong !== null) return sendProblem(reply, { status: 403, code: 'forbidden', message: wrong });
    if (IS_PRIVATE.test(routeOf(request))) reply.header('cache-control', 'no-store');
    const right = ruleFor(request, rights);
    if (right !== undefined) return admit(request, reply, { right, callers, isOwnOrigin });
  });

  app.addHook('onSend', async (request, reply) => {
    const right = rights.get(`${request.method} ${routeOf(request)}`);
    const entry = auditEntryOf(request, reply, { callers, right });
    if (entry !== null) await access.audit.record(entry);
  });

  return {
    async addConsoleFiles(register) {
      areConsoleFiles = true;
      await register();
      areConsoleFiles = false;
    },
  };
}

/** undefined where no route answers: that there is none is told to everybody. */
function ruleFor(request: FastifyRequest, rights: ReadonlyMap<string, Right>): Right | undefined {
  const url = routeOf(request);
  // What has a route but no rule cannot be: registering it throws. If it were, nobody may.
  return url === '' ? undefined : (rights.get(`${request.method} ${url}`) ?? { who: 'admin' });
}

/** Undefined when the request may go on. */
async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { callers, isOwnOrigin, right }: { callers: Callers; isOwnOrigin: OriginCheck; right: Right },
): Promise<FastifyReply | undefined> {
  if (right.who === 'public' || (right.isPageForBrowsers && wantsPage(request))) return;
  const { csrf, principal } = callers.of(request);
  if (!isAllowed(principal, right)) return refuse(reply, principal, right);
  const mistake = csrfMistake(request, csrf, isOwnOrigin);
  if (mistake !== null) return sendProblem(reply, { status: 403, code: 'csrf', message: mistake });
}

export function isAllowed(principal: Principal, { scope, who }: Right): boolean {
  if (who === 'public' || isAtLeast(principal.role, who)) return true;
  return scope !== undefined && principal.scopes.includes(scope);
}

function refuse(reply: FastifyReply, principal: Principal, right: Right): FastifyReply {
  if (principal.kind === 'anonymous') {
    reply.header('www-authenticate', 'Bearer realm="signalbox"');
    return sendProblem(reply, { status: 401, code: 'unauthorized', message: LOGIN });
  }
  const have = principal.role === null ? 'This token has no role' : `You have the role ${principal.role}`;
  const message = `${have}; this needs ${right.who}. An admin can change that.`;
  return sendProblem(reply, { status: 403, code: 'forbidden', message });
}

/** The route that will answer, not the address as written: `/%61pi/…` leads to the same place as `/api/…`. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '';
}
