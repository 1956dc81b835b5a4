import type { Clock } from '#core/clock.ts';
import type { KeysConfig } from '#keys/config.ts';
import type { KeyBook } from '#keys/key-book.ts';
import { isDead, type KeyRecord, NO_OWN_LIMITS } from '#keys/key-record.ts';
import { limitsFor } from '#keys/limits.ts';
import type { KeysReport } from '#keys/open-keys.ts';
import { noUsage, type SenderUsage } from '#keys/usage.ts';
import type { Callers } from '../access.ts';
import { noteForAudit } from '../audit-notes.ts';
import { ApiError } from '../schemas/common.ts';
import {
  ApiKey,
  type ApiKeyUsage,
  ChangeKeyBody,
  KeyParams,
  KeysParams,
  KeysResponse,
  NewKeyBody,
  NewKeyResponse,
  RotateKeyBody,
} from '../schemas/keys.ts';
import { toRfc3339 } from '../time.ts';
import type { Api } from './context.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface KeyRouteDeps {
  clock: Clock;
  callers: Callers;
  keyBook: KeyBook;
  keysConfig: KeysConfig;
  /** Keys as the receivers see them, and what they were used for. */
  readKeys(): Promise<KeysReport>;
}

/** `/api/v1/keys`: API keys of senders. A key is shown once, in the answer that made it. */
export function keyRoutes(api: Api, deps: KeyRouteDeps): void {
  readRoutes(api, deps);
  makeRoutes(api, deps);
  changeRoutes(api, deps);
}

const nowMsOf = ({ clock }: KeyRouteDeps) => Number(clock() / 1_000_000n);
const labelOf = ({ id, name }: KeyRecord) => `${name} (${id})`;

function readRoutes(api: Api, deps: KeyRouteDeps): void {
  const { keyBook, keysConfig } = deps;
  api.get(
    '/api/v1/keys',
    {
      schema: {
        summary: 'API keys of senders, without the keys themselves, and what they were used for',
        querystring: KeysParams,
        response: { 200: KeysResponse, 400: ApiError, 503: ApiError },
      },
    },
    async ({ query }) => {
      const { failure, usage } = await deps.readKeys();
      const now = nowMsOf(deps);
      const keys = keyBook.list().toReversed();
      return {
        at: toRfc3339(now),
        isRequired: keysConfig.required,
        defaults: limitsFor(NO_OWN_LIMITS, keysConfig.limits),
        failure,
        keys: keys.slice(0, query.limit).map((key) => describeKey(key, usage[key.id], now)),
        keysTotal: keys.length,
        withoutKey: describeUsage(usage['']),
      };
    },
  );
}

function makeRoutes(api: Api, deps: KeyRouteDeps): void {
  const { callers, keyBook } = deps;
  api.post(
    '/api/v1/keys',
    {
      schema: {
        summary: 'Makes an API key and shows it once',
        body: NewKeyBody,
        response: { 201: NewKeyResponse, 400: ApiError, 409: ApiError, 503: ApiError },
      },
    },
    async (request, reply) => {
      const { expiresInDays, limits, name, tenant = '' } = request.body;
      noteForAudit(request, { target: name });
      const now = nowMsOf(deps);
      const { key, record } = await keyBook.create({
        name,
        tenant,
        limits: { ...NO_OWN_LIMITS, ...limits },
        expiresUnixMs: expiresInDays === undefined ? null : now + expiresInDays * DAY_MS,
        createdBy: callers.of(request).principal.name,
      });
      noteForAudit(request, { target: labelOf(record) });
      return reply.code(201).send({ key, ...describeKey(record, undefined, now) });
    },
  );
  api.post(
    '/api/v1/keys/:id/rotate',
    {
      schema: {
        summary:
          'Makes a new key in the place of an old one, which holds for some hours more, and shows it once',
        params: KeyParams,
        body: RotateKeyBody,
        response: { 201: NewKeyResponse, 400: ApiError, 404: ApiError, 503: ApiError },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { key, record } = await keyBook.rotate(id, { graceMs: request.body.graceHours * HOUR_MS });
      noteForAudit(request, { target: labelOf(record) });
      const { usage } = await deps.readKeys();
      return reply.code(201).send({ key, ...describeKey(record, usage[id], nowMsOf(deps)) });
    },
  );
}

function changeRoutes(api: Api, deps: KeyRouteDeps): void {
  const { keyBook } = deps;
  const told = async (record: KeyRecord) =>
    describeKey(record, (await deps.readKeys()).usage[record.id], nowMsOf(deps));
  api.post(
    '/api/v1/keys/:id/revoke',
    {
      schema: {
        summary: 'Revokes an API key for good; receivers refuse it within a second',
        params: KeyParams,
        response: { 200: ApiKey, 404: ApiError, 503: ApiError },
      },
    },
    async (request) => {
      const record = await keyBook.revoke(request.params.id);
      noteForAudit(request, { target: labelOf(record) });
      return told(record);
    },
  );
  api.patch(
    '/api/v1/keys/:id',
    {
      schema: {
        summary: 'Changes the name or the limits of an API key; limits that are not named stay',
        params: KeyParams,
        body: ChangeKeyBody,
        response: { 200: ApiKey, 400: ApiError, 404: ApiError, 409: ApiError, 503: ApiError },
      },
    },
    async (request) => {
      const record = await keyBook.update(request.params.id, request.body);
      noteForAudit(request, { target: labelOf(record) });
      return told(record);
    },
  );
}

function describeKey(record: KeyRecord, usage: SenderUsage | undefined, nowMs: number): ApiKey {
  const { createdBy, id, last4, limits, name, previous, tenant } = record;
  const isEnded = isDead(record, nowMs);
  const holdsBeside = previous !== null && previous.untilUnixMs > nowMs && !isEnded;
  return {
    id,
    name,
    tenant,
    last4,
    state: record.revokedUnixMs !== null ? 'revoked' : isEnded ? 'expired' : 'active',
    createdAt: toRfc3339(record.createdUnixMs),
    createdBy,
    issuedAt: toRfc3339(record.issuedUnixMs),
    expiresAt: timeOrNull(record.expiresUnixMs),
    revokedAt: timeOrNull(record.revokedUnixMs),
    previousUntil: timeOrNull(holdsBeside ? previous.untilUnixMs : null),
    limits,
    usage: describeUsage(usage),
  };
}

function describeUsage({ lastUsedUnixMs, today, total }: SenderUsage = noUsage(0)): ApiKeyUsage {
  return { lastUsedAt: timeOrNull(lastUsedUnixMs), today, total };
}

function timeOrNull(unixMs: number | null): string | null {
  return unixMs === null ? null : toRfc3339(unixMs);
}
