import { type Static, Type } from 'typebox';

/** Why a request was not let in; `failed` was let in, and not accepted then. */
export const REFUSALS = [
  'failed',
  'missing',
  'no_key',
  'unknown',
  'revoked',
  'expired',
  'items',
  'bytes',
  'day',
] as const;
export type RefusalReason = (typeof REFUSALS)[number];

const Count = Type.Integer({ minimum: 0 });
const closed = { additionalProperties: false };
const UsageTally = Type.Object(
  {
    requests: Count,
    items: Count,
    bytes: Count,
    refused: Type.Object(
      Object.fromEntries(REFUSALS.map((reason) => [reason, Count])) as Record<RefusalReason, typeof Count>,
      closed,
    ),
  },
  closed,
);
/** Accepted requests, their items and their bytes over the wire; refused requests by reason. */
export type UsageTally = Static<typeof UsageTally>;

/** What one key was used for. */
export const SenderUsage = Type.Object(
  {
    /** When a request with it was last let in, in milliseconds since 1970 UTC; null: never. */
    lastUsedUnixMs: Type.Union([Count, Type.Null()]),
    /** The day that `today` is about, in days since 1970 UTC. */
    day: Count,
    today: UsageTally,
    total: UsageTally,
  },
  closed,
);
export type SenderUsage = Static<typeof SenderUsage>;

const DAY_MS = 86_400_000;

export function dayOf(unixMs: number): number {
  return Math.floor(unixMs / DAY_MS);
}

/** Until midnight UTC. */
export function secondsLeftInDay(unixMs: number): number {
  return ((dayOf(unixMs) + 1) * DAY_MS - unixMs) / 1000;
}

export function noTally(): UsageTally {
  const refused = Object.fromEntries(REFUSALS.map((reason) => [reason, 0])) as UsageTally['refused'];
  return { requests: 0, items: 0, bytes: 0, refused };
}

export function noUsage(day: number): SenderUsage {
  return { lastUsedUnixMs: null, day, today: noTally(), total: noTally() };
}
