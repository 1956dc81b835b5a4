import type { DestinationAccount } from '#core/accounting.ts';

/** What a consumer is doing, for people. */
export interface Status {
  sending: number;
  splitting: number;
  /** When each batch that waits is sent again, milliseconds since 1970 UTC. */
  readonly attemptsAtMs: Set<{ atMs: number }>;
  lastError: string | null;
  /** Requests that were delivered. */
  deliveries: number;
}

type Shown = Pick<DestinationAccount, 'state' | 'lastError' | 'nextAttemptUnixMs'>;

export function createStatus(): Status {
  return { sending: 0, splitting: 0, attemptsAtMs: new Set(), lastError: null, deliveries: 0 };
}

/** As it stands in the account. */
export function showStatus({ sending, splitting, attemptsAtMs, lastError }: Status): Shown {
  const next = Math.min(...[...attemptsAtMs].map(({ atMs }) => atMs));
  const state =
    splitting > 0 ? 'splitting' : attemptsAtMs.size > 0 ? 'retrying' : sending > 0 ? 'sending' : 'idle';
  return { state, lastError, nextAttemptUnixMs: Number.isFinite(next) ? next : null };
}
