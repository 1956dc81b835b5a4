import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '#access/access.ts';
import type { LoginOutcome } from '#access/login.ts';
import type { Callers } from '../access.ts';
import { noteForAudit } from '../audit-notes.ts';
import { sendProblem, sendWait } from '../errors.ts';
import { LOGIN_SCRIPT, LOGIN_STYLES, type LoginPageFacts, loginPage } from '../login-page.ts';
import { ownPath } from '../own-path.ts';
import { LoginBody } from '../schemas/session.ts';
import type { Api } from './context.ts';

export interface LoginRouteDeps {
  access: Access;
  callers: Callers;
}

/** Shows the page to log in at, with what it should say. */
export type SendLoginPage = (
  reply: FastifyReply,
  status: number,
  facts?: Partial<LoginPageFacts>,
) => FastifyReply;

const MAX_FORM_BYTES = 16 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** `/login`: the page, and what it posts; without a script a form, for scripts JSON. */
export async function loginRoutes(api: Api, deps: LoginRouteDeps): Promise<SendLoginPage> {
  const { access } = deps;
  const provider = access.oidc?.host ?? null;
  const hide = { schema: { hide: true } };
  const sendPage: SendLoginPage = (reply, status, facts = {}) =>
    sendText(
      // Without a referrer, browsers send `Origin: null` with the form (Fetch Standard, "append a request Origin header").
      reply.code(status).header('referrer-policy', 'same-origin'),
      'text/html',
      loginPage({ problem: '', name: '', next: '/', provider, isTokenOpen: false, ...facts }),
    );

  api.get('/login.css', hide, async (_request, reply) => sendText(reply, 'text/css', LOGIN_STYLES));
  api.get('/login.js', hide, async (_request, reply) => sendText(reply, 'text/javascript', LOGIN_SCRIPT));
  api.get('/login', hide, async (request, reply) => {
    const next = ownPath(textOf((request.query as { next?: unknown }).next));
    return sendPage(reply, 200, { next });
  });
  // A form is understood nowhere else: it is what a foreign page could post without being asked first.
  await api.register(async (forms) => {
    forms.addContentTypeParser(
      FORM,
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, body, done) => {
        done(null, Object.fromEntries(new URLSearchParams(String(body))));
      },
    );
    (forms as Api).post('/login', { schema: { hide: true, body: LoginBody } }, async (request, reply) =>
      logIn(request, reply, { ...deps, body: request.body, sendPage }),
    );
  });
  return sendPage;
}

async function logIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, body, callers, sendPage }: LoginRouteDeps & { body: LoginBody; sendPage: SendLoginPage },
): Promise<FastifyReply> {
  const { name = '', next: wanted, password, token } = body;
  const next = ownPath(wanted);
  const isForm = (request.headers['content-type'] ?? '').startsWith(FORM);
  const withToken = token !== undefined;
  noteForAudit(request, { action: 'login', target: withToken ? 'operator token' : knownName(access, name) });
  const { address } = callers.of(request);
  if (!withToken && password === undefined) {
    const message = 'Send a name and a password, or the operators\' token as "token".';
    return sendProblem(reply, { status: 400, code: 'bad_request', message });
  }
  const outcome = withToken
    ? access.logins.withToken(token.trim(), address)
    : await access.logins.withPassword(name, password ?? '', address);
  if (outcome.kind === 'in') {
    noteForAudit(request, { principal: outcome.principal, outcome: 'ok' });
    await replaceSession(request, reply, { access, callers, sessionId: outcome.sessionId });
    return isForm ? reply.redirect(next, 303) : reply.code(204).send();
  }
  if (!isForm) return sendRefusal(reply, outcome, withToken);
  if (outcome.kind === 'wait') reply.header('retry-after', String(outcome.seconds));
  return sendPage(reply, outcome.kind === 'wait' ? 429 : 401, {
    problem: wordsFor(outcome, withToken),
    next,
    name,
    isTokenOpen: withToken,
  });
}

/** The id is always a new one, whatever the browser came with; the session it had ends. */
export async function replaceSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, callers, sessionId }: { access: Access; callers: Callers; sessionId: string },
): Promise<void> {
  const before = callers.of(request).session;
  if (before !== null) await access.sessions.end(before.hash);
  callers.giveSession(request, reply, sessionId);
}

type Refusal = Exclude<LoginOutcome, { kind: 'in' }>;

function sendRefusal(reply: FastifyReply, outcome: Refusal, withToken: boolean): FastifyReply {
  if (outcome.kind === 'wait') return sendWait(reply, outcome.seconds);
  return sendProblem(reply, { status: 401, code: 'unauthorized', message: wordsFor(outcome, withToken) });
}

function wordsFor(outcome: Refusal, withToken: boolean): string {
  if (outcome.kind === 'wait') return `Too many attempts. Try again in ${outcome.seconds} seconds.`;
  return withToken ? "This is not the operators' token." : 'This name and password do not go together.';
}

/** What somebody typed as a name may be their password, so only names that are known are recorded. */
function knownName({ users }: Access, name: string): string {
  return users.find(name)?.name ?? '';
}

function sendText(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .type(`${type}; charset=utf-8`)
    .serializer(String)
    .send(text);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
