import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '#access/access.ts';
import type { Callers } from '../access.ts';
import { noteForAudit } from '../audit-notes.ts';
import { sendProblem, sendWait } from '../errors.ts';
import { ApiError, NoContent } from '../schemas/common.ts';
import { EndedResponse, OwnPasswordBody, SessionResponse } from '../schemas/session.ts';
import { toRfc3339 } from '../time.ts';
import type { Api } from './context.ts';

export interface SessionRouteDeps {
  access: Access;
  callers: Callers;
}

/** `/api/v1/session`: who one is, logging out, and one's own password. */
export function sessionRoutes(api: Api, deps: SessionRouteDeps): void {
  const { access, callers } = deps;
  api.get(
    '/api/v1/session',
    { schema: { summary: 'Who asks, and what they may do', response: { 200: SessionResponse } } },
    async (request) => describe(request, callers),
  );
  api.delete(
    '/api/v1/session',
    { schema: { summary: 'Logs out', response: { 200: EndedResponse } } },
    async (request, reply) => {
      noteForAudit(request, { action: 'logout' });
      const { session } = callers.of(request);
      callers.takeSession(request, reply);
      if (session === null) return { ended: 0 };
      await access.sessions.end(session.hash);
      return { ended: 1 };
    },
  );
  api.delete(
    '/api/v1/sessions',
    { schema: { summary: 'Logs out everywhere', response: { 200: EndedResponse } } },
    async (request, reply) => {
      noteForAudit(request, { action: 'logout everywhere' });
      const { kind, name } = callers.of(request).principal;
      callers.takeSession(request, reply);
      const ended = await access.sessions.endAll((subject) => subject.kind === kind && subject.name === name);
      return { ended };
    },
  );
  api.post(
    '/api/v1/session/password',
    {
      schema: {
        summary: "Changes one's own password; all other sessions end",
        body: OwnPasswordBody,
        response: { 204: NoContent, 400: ApiError, 403: ApiError, 429: ApiError },
      },
    },
    async (request, reply) => changePassword(request, reply, { ...deps, body: request.body }) as never,
  );
}

function describe(request: FastifyRequest, callers: Callers): SessionResponse {
  const { csrf, principal, session } = callers.of(request);
  const { kind, name, role } = principal;
  return {
    name,
    kind: kind as SessionResponse['kind'],
    role: role!,
    csrf,
    expiresAt: session === null ? null : toRfc3339(session.expiresUnixMs),
    hasPassword: kind === 'user',
  };
}

async function changePassword(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, body, callers }: SessionRouteDeps & { body: OwnPasswordBody },
): Promise<FastifyReply> {
  noteForAudit(request, { action: 'change own password' });
  const { address, principal } = callers.of(request);
  if (principal.kind !== 'user') {
    const message = 'Only who has logged in with a name and a password can change it here.';
    return sendProblem(reply, { status: 403, code: 'forbidden', message });
  }
  const { name } = principal;
  const confirmed = await access.logins.confirm(name, body.current, address);
  if (typeof confirmed === 'object') return sendWait(reply, confirmed.seconds);
  if (confirmed === 'wrong') {
    const message = 'The current password is not right.';
    return sendProblem(reply, { status: 403, code: 'forbidden', message, param: 'current' });
  }
  await access.users.change(name, { password: body.password });
  const outcome = await access.logins.withPassword(name, body.password, address);
  if (outcome.kind === 'in') callers.giveSession(request, reply, outcome.sessionId);
  return reply.code(204).send(null);
}
