import { type Static, Type } from 'typebox';
import { Rfc3339Utc } from './common.ts';

export const RoleName = Type.Enum(['viewer', 'operator', 'admin'], {
  description: 'viewer: reads; operator: also acts; admin: also keys, people and audit',
});

export const SessionResponse = Type.Object({
  name: Type.String({ description: 'Of the user or token' }),
  kind: Type.Enum(['operator_token', 'user', 'api_token', 'oidc', 'proxy'], {
    description: 'How they showed who they are',
  }),
  role: RoleName,
  csrf: Type.Union([Type.String(), Type.Null()], {
    description:
      'To send as x-signalbox-csrf with what changes something; null for a token, which needs none',
  }),
  expiresAt: Type.Union([Rfc3339Utc, Type.Null()], {
    description: 'When the session ends if nothing more is asked; null without a session',
  }),
  hasPassword: Type.Boolean({ description: 'Whether they can change their password here' }),
});
export type SessionResponse = Static<typeof SessionResponse>;

export const EndedResponse = Type.Object({ ended: Type.Integer({ description: 'Sessions that ended' }) });
export type EndedResponse = Static<typeof EndedResponse>;

const Password = (description: string) => Type.String({ maxLength: 1024, description });

export const OwnPasswordBody = Type.Object(
  { current: Password('As it is now'), password: Password('12 to 256 characters') },
  { additionalProperties: false },
);
export type OwnPasswordBody = Static<typeof OwnPasswordBody>;

/** JSON, or a form of the login page: a name and a password, or the operators' token. */
export const LoginBody = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 256 })),
    password: Type.Optional(Type.String({ maxLength: 1024 })),
    token: Type.Optional(Type.String({ maxLength: 1024 })),
    next: Type.Optional(Type.String({ maxLength: 2048 })),
  },
  { additionalProperties: false },
);
export type LoginBody = Static<typeof LoginBody>;
