import { type Static, Type } from 'typebox';
import { Rfc3339Utc } from './common.ts';
import { RoleName } from './session.ts';

const TokenScope = Type.Enum(['metrics', 'alerts-webhook'], {
  description: 'metrics: reads /metrics; alerts-webhook: posts notifications of Alertmanager',
});

export const ApiToken = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.Union([RoleName, Type.Null()]),
  scopes: Type.Array(TokenScope),
  createdAt: Rfc3339Utc,
  expiresAt: Type.Union([Rfc3339Utc, Type.Null()], { description: 'null: it does not expire' }),
  isExpired: Type.Boolean(),
});
export type ApiToken = Static<typeof ApiToken>;

export const TokensResponse = Type.Object({ tokens: Type.Array(ApiToken) });
export type TokensResponse = Static<typeof TokensResponse>;

export const NewTokenBody = Type.Object(
  {
    name: Type.String({ maxLength: 100, description: 'What it is for' }),
    role: Type.Optional(RoleName),
    scopes: Type.Optional(Type.Array(TokenScope, { maxItems: 2 })),
    expiresInDays: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 36_500, description: 'Without, it does not expire' }),
    ),
  },
  { additionalProperties: false },
);
export type NewTokenBody = Static<typeof NewTokenBody>;

export const NewTokenResponse = Type.Object({
  token: Type.String({ description: 'Shown here only: it is kept as a hash' }),
  ...ApiToken.properties,
});
export type NewTokenResponse = Static<typeof NewTokenResponse>;

export const TokenParams = Type.Object({ id: Type.String() });
