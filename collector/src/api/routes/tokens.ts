import type { Access } from '#access/access.ts';
import type { TokenRecord } from '#access/people-file.ts';
import type { Clock } from '#core/clock.ts';
import { noteForAudit } from '../audit-notes.ts';
import { ApiError, NoContent } from '../schemas/common.ts';
import {
  type ApiToken,
  NewTokenBody,
  NewTokenResponse,
  TokenParams,
  TokensResponse,
} from '../schemas/tokens.ts';
import { toRfc3339 } from '../time.ts';
import type { Api } from './context.ts';

const DAY_MS = 86_400_000;

/** `/api/v1/tokens`: API tokens for scripts and machines; for admins. */
export function tokenRoutes(api: Api, { access, clock }: { access: Access; clock: Clock }): void {
  const { tokens } = access;
  const nowMs = () => Number(clock() / 1_000_000n);
  api.get(
    '/api/v1/tokens',
    { schema: { summary: 'API tokens, without the tokens themselves', response: { 200: TokensResponse } } },
    async () => ({ tokens: tokens.list().map((record) => describeToken(record, nowMs())) }),
  );
  api.post(
    '/api/v1/tokens',
    {
      schema: {
        summary: 'Makes an API token and shows it once',
        body: NewTokenBody,
        response: { 201: NewTokenResponse, 400: ApiError, 409: ApiError },
      },
    },
    async (request, reply) => {
      const { expiresInDays, name, role = null, scopes = [] } = request.body;
      noteForAudit(request, { target: name });
      const expiresUnixMs = expiresInDays === undefined ? null : nowMs() + expiresInDays * DAY_MS;
      const { record, token } = await tokens.create({ name, role, scopes, expiresUnixMs });
      noteForAudit(request, { target: `${name} (${record.id})` });
      return reply.code(201).send({ token, ...describeToken(record, nowMs()) });
    },
  );
  api.delete(
    '/api/v1/tokens/:id',
    {
      schema: {
        summary: 'Revokes an API token at once',
        params: TokenParams,
        response: { 204: NoContent, 404: ApiError },
      },
    },
    async (request, reply) => {
      const { id, name } = await tokens.revoke(request.params.id);
      noteForAudit(request, { target: `${name} (${id})` });
      return reply.code(204).send(null);
    },
  );
}

function describeToken(record: TokenRecord, nowMs: number): ApiToken {
  const { createdUnixMs, expiresUnixMs, id, name, role, scopes } = record;
  return {
    id,
    name,
    role,
    scopes,
    createdAt: toRfc3339(createdUnixMs),
    expiresAt: expiresUnixMs === null ? null : toRfc3339(expiresUnixMs),
    isExpired: expiresUnixMs !== null && expiresUnixMs <= nowMs,
  };
}
