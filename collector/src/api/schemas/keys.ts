import { type Static, type TSchema, Type } from 'typebox';
import { Params, Rfc3339Utc } from './common.ts';

const MAX_AMOUNT = 1_000_000_000_000;
const closed = { additionalProperties: false };
const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const Amount = (what: string) =>
  orNull(
    Type.Integer({ minimum: 0, maximum: MAX_AMOUNT }),
    `${what}; 0: no limit, null: as configured for all keys`,
  );
const Count = (description: string) => Type.Integer({ minimum: 0, description });

const limits = {
  itemsPerSecond: Amount('Spans, log records and data points a second'),
  bytesPerSecond: Amount('Bytes a second, as they come over the wire'),
  burstSeconds: orNull(
    Type.Integer({ minimum: 1, maximum: 3600 }),
    'As much as comes in so many seconds may come at once; null: as configured for all keys',
  ),
  itemsPerDay: Amount('Items a day (UTC)'),
};
export const ApiKeyLimits = Type.Object(limits, closed);
export type ApiKeyLimits = Static<typeof ApiKeyLimits>;
const SomeLimits = Type.Partial(ApiKeyLimits, closed);

const UsageTally = Type.Object({
  requests: Count('Accepted'),
  items: Count('In accepted requests'),
  bytes: Count('Of accepted requests, as they came over the wire'),
  refused: Type.Record(Type.String(), Count('Requests'), {
    description:
      'By reason: items, bytes, day: over a limit; failed: let in, and not accepted then; revoked, expired; ' +
      'missing, no_key, unknown: without a good key',
  }),
});

export const ApiKeyUsage = Type.Object({
  lastUsedAt: orNull(Rfc3339Utc, 'When a request was last let in; null: never'),
  today: UsageTally,
  total: UsageTally,
});
export type ApiKeyUsage = Static<typeof ApiKeyUsage>;

/** An API key of a sender, without the key itself. */
export const ApiKey = Type.Object({
  id: Type.String({ description: 'Public: it is in metrics and messages' }),
  name: Type.String(),
  tenant: Type.String({ description: 'Whose data it sends; empty: the default' }),
  last4: Type.String({ description: 'The last characters of the key, to know it again' }),
  state: Type.Enum(['active', 'expired', 'revoked']),
  createdAt: Rfc3339Utc,
  createdBy: Type.String(),
  issuedAt: Type.Unsafe<string>({
    ...Rfc3339Utc,
    description: 'When the key that holds now was made: later than createdAt once it was rotated',
  }),
  expiresAt: orNull(Rfc3339Utc, 'null: it does not expire'),
  revokedAt: orNull(Rfc3339Utc, 'null: it was not revoked'),
  previousUntil: orNull(Rfc3339Utc, 'Until when the key before the last rotation holds beside it'),
  limits: ApiKeyLimits,
  usage: ApiKeyUsage,
});
export type ApiKey = Static<typeof ApiKey>;

export const KeysParams = Params({
  limit: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 1000,
    description: 'Keys, the newest first; there are never more than 10,000',
  }),
});
export type KeysParams = Static<typeof KeysParams>;

export const KeysResponse = Type.Object({
  at: Rfc3339Utc,
  isRequired: Type.Boolean({ description: '`keys.required`: senders without a key are refused' }),
  defaults: Type.Object(
    {
      itemsPerSecond: Count('0: no limit'),
      bytesPerSecond: Count('0: no limit'),
      burstSeconds: Count('Seconds'),
      itemsPerDay: Count('0: no limit'),
    },
    { description: '`keys.limits`: what holds for keys without limits of their own' },
  ),
  failure: orNull(
    Type.String(),
    'Why receivers cannot read the keys, and go by those they knew; null: they can',
  ),
  keys: Type.Array(ApiKey),
  keysTotal: Type.Integer(),
  withoutKey: ApiKeyUsage,
});
export type KeysResponse = Static<typeof KeysResponse>;

const Name = (description: string) => Type.String({ maxLength: 100, description });

export const NewKeyBody = Type.Object(
  {
    name: Name('What it is for'),
    tenant: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Letters, digits, points, dashes, underscores; empty: the default',
      }),
    ),
    expiresInDays: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3650, description: 'Without, it does not expire' }),
    ),
    limits: Type.Optional(SomeLimits),
  },
  closed,
);
export type NewKeyBody = Static<typeof NewKeyBody>;

/** The key itself is in here, and nowhere else. */
export const NewKeyResponse = Type.Object({
  key: Type.String({ description: 'Shown here only: it is kept as a hash' }),
  ...ApiKey.properties,
});
export type NewKeyResponse = Static<typeof NewKeyResponse>;

export const RotateKeyBody = Type.Object(
  {
    graceHours: Type.Integer({
      minimum: 0,
      maximum: 720,
      default: 24,
      description: 'How long the old key holds beside the new one; 0: it ends at once',
    }),
  },
  closed,
);

export const ChangeKeyBody = Type.Object(
  { name: Type.Optional(Name('What it is for')), limits: Type.Optional(SomeLimits) },
  closed,
);

export const KeyParams = Type.Object({ id: Type.String({ maxLength: 64 }) });
