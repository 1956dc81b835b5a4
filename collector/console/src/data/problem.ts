import type { DestinationAccounting } from '#api/schemas/accounting.ts';

/** One thing that is wrong: what, since when, why, and what to do. */
export interface Problem {
  kind:
    | 'journal'
    | 'unbalanced'
    | 'failing'
    | 'slow'
    | 'dead-lettered'
    | 'expired'
    | 'damaged'
    | 'refused'
    | 'no-destination'
    | 'delta-temporality';
  /** `lost` is over, so that it is told less loudly than what is broken now. */
  tone: 'bad' | 'warning' | 'lost';
  /** The destination or signal; with `kind` the name of the problem. */
  subject: string;
  title: string;
  why: string;
  todo: string;
  /** RFC 3339 by the collector's clock: when the oldest waiting item was received. */
  sinceAt?: string;
  /** When it last happened. */
  lastAt?: string;
  nextAttemptAt?: string;
  /** When the first of what waits reaches the age at which the journal may let go of it. */
  keptUntilAt?: string;
  /** How full the fullest of the journals in question is, 0 to 1. */
  journalShare?: number;
  command?: string;
}

/** The earliest of RFC 3339 times in UTC with the same number of digits. */
export function earliest(times: readonly (string | null)[]): string | undefined {
  return times.filter((time) => time !== null).sort()[0];
}

/** The accounts of each destination, in the order in which they came. */
export function byDestination(
  accounts: readonly DestinationAccounting[],
): [destination: string, accounts: DestinationAccounting[]][] {
  const names = new Set(accounts.map(({ destination }) => destination));
  return [...names].map((name) => [name, accounts.filter(({ destination }) => destination === name)]);
}
