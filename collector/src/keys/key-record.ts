import { type Static, type TSchema, Type } from 'typebox';

const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const UnixMs = Type.Integer({ minimum: 0 });
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const closed = { additionalProperties: false };
const Amount = OrNull(Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }));

/** null: as configured for all keys; 0: none. */
export const KeyLimits = Type.Object(
  {
    itemsPerSecond: Amount,
    bytesPerSecond: Amount,
    burstSeconds: OrNull(Type.Integer({ minimum: 1, maximum: 3600 })),
    itemsPerDay: Amount,
  },
  closed,
);
export type KeyLimits = Static<typeof KeyLimits>;

export const NO_OWN_LIMITS: KeyLimits = Object.freeze({
  itemsPerSecond: null,
  bytesPerSecond: null,
  burstSeconds: null,
  itemsPerDay: null,
});

/** A key as kept: enough to know it again, not to use it. Times are milliseconds since 1970 UTC. */
export const KeyRecord = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9]{8}$' }),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    /** '' for the default tenant. */
    tenant: Type.String({ maxLength: 64 }),
    /** SHA-256 of the key, in hex. */
    hash: Digest,
    /** The last characters of the key, by which its owner knows it again. */
    last4: Type.String({ minLength: 4, maxLength: 4 }),
    createdUnixMs: UnixMs,
    createdBy: Type.String({ maxLength: 200 }),
    /** When the key was made that holds now: later than `createdUnixMs` once it was rotated. */
    issuedUnixMs: UnixMs,
    /** null: it does not expire. */
    expiresUnixMs: OrNull(UnixMs),
    /** null: it was not revoked. */
    revokedUnixMs: OrNull(UnixMs),
    limits: KeyLimits,
    /** What it was before it was last rotated, and until when that holds beside it. */
    previous: OrNull(Type.Object({ hash: Digest, last4: Type.String(), untilUnixMs: UnixMs }, closed)),
  },
  closed,
);
export type KeyRecord = Static<typeof KeyRecord>;

/** Whether nothing can be sent with it any more. */
export function isDead({ expiresUnixMs, revokedUnixMs }: KeyRecord, nowMs: number): boolean {
  return revokedUnixMs !== null || (expiresUnixMs !== null && expiresUnixMs <= nowMs);
}
