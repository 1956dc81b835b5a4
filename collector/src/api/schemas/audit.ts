import { type Static, Type } from 'typebox';
import { CursorParam, NextCursor, Params, Rfc3339Utc, rangeParams } from './common.ts';

export const AuditParams = Params({
  ...rangeParams,
  from: { ...rangeParams.from, default: 'now-30d' },
  who: Type.String({ default: '', maxLength: 200, description: 'Name of a user or token, exactly' }),
  action: Type.String({ default: '', maxLength: 200, description: 'Part of an action, case ignored' }),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Records on a page' }),
  cursor: CursorParam,
});
export type AuditParams = Static<typeof AuditParams>;

export const AuditItem = Type.Object({
  at: Rfc3339Utc,
  who: Type.String({ description: 'User or token; empty for who is not known' }),
  kind: Type.Enum(
    ['anonymous', 'operator_token', 'machine_token', 'user', 'api_token', 'oidc', 'proxy', 'command'],
    { description: 'How they showed who they are' },
  ),
  role: Type.Union([Type.String(), Type.Null()]),
  action: Type.String({ description: 'A word, or method and route' }),
  target: Type.String({ description: 'What it was done to' }),
  outcome: Type.Enum(['ok', 'denied', 'failed']),
  status: Type.Integer({ description: 'Of the answer; 0 where there was none' }),
  address: Type.String(),
  count: Type.Integer({ description: 'How many same ones this stands for' }),
});
export type AuditItem = Static<typeof AuditItem>;

export const AuditResponse = Type.Object({ records: Type.Array(AuditItem), nextCursor: NextCursor });
export type AuditResponse = Static<typeof AuditResponse>;
