import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '#access/access.ts';
import { OIDC_COOKIE_SECONDS, type OidcLogin, ProviderError } from '#access/oidc/oidc-login.ts';
import type { Callers } from '../access.ts';
import { noteForAudit } from '../audit-notes.ts';
import { cookieName, endCookie, readCookie, writeCookie } from '../cookies.ts';
import { ownPath } from '../own-path.ts';
import type { Api } from './context.ts';
import { replaceSession, type SendLoginPage } from './login.ts';

const COOKIE = 'signalbox_oidc';
const CALLBACK = '/login/oidc/callback';

export interface OidcRouteDeps {
  access: Access;
  oidc: OidcLogin;
  callers: Callers;
  sendLoginPage: SendLoginPage;
}

/** `/login/oidc`: to the provider and back. */
export function oidcRoutes(api: Api, deps: OidcRouteDeps): void {
  const { callers, oidc, sendLoginPage } = deps;
  const hide = { schema: { hide: true } };
  api.get('/login/oidc', hide, async (request, reply) => {
    const { next } = request.query as { next?: unknown };
    const wanted = ownPath(typeof next === 'string' ? next : undefined);
    try {
      const { cookie, url } = await oidc.start(`${callers.originOf(request)}${CALLBACK}`, wanted);
      const about = {
        name: COOKIE,
        value: cookie,
        maxAgeSeconds: OIDC_COOKIE_SECONDS,
        sameSite: 'Lax' as const,
      };
      return reply
        .header('set-cookie', writeCookie(about, callers.isSecure(request)))
        .header('cache-control', 'no-store')
        .redirect(url, 303);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return sendLoginPage(reply, 503, { problem: error.message, next: wanted });
    }
  });
  api.get(CALLBACK, hide, async (request, reply) => finish(request, reply, deps));
}

async function finish(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, callers, oidc, sendLoginPage }: OidcRouteDeps,
): Promise<FastifyReply> {
  const isSecure = callers.isSecure(request);
  const cookie = readCookie(request.headers.cookie ?? '', cookieName(COOKIE, isSecure)) ?? '';
  const [, query = ''] = request.url.split('?', 2);
  const outcome = await oidc.finish(query, cookie);
  reply.header('set-cookie', endCookie(COOKIE, isSecure)).header('cache-control', 'no-store');
  noteForAudit(request, { action: 'login', target: 'OpenID Connect' });
  if (outcome.kind !== 'in') {
    const who = outcome.kind === 'denied' ? ` ${outcome.name}` : '';
    noteForAudit(request, { target: `OpenID Connect${who}`, outcome: 'denied' });
    return sendLoginPage(reply, outcome.kind === 'denied' ? 403 : 400, { problem: outcome.message });
  }
  noteForAudit(request, { principal: outcome.principal, outcome: 'ok' });
  await replaceSession(request, reply, { access, callers, sessionId: outcome.sessionId });
  return reply.redirect(outcome.next, 303);
}
