import type {
  AccountingResponse,
  DestinationAccounting,
  JournalAccounting,
} from '#api/schemas/accounting.ts';

export const AT = '2026-01-31T10:00:00.000Z';

/** An account that is up to date; `waiting` is what the rest leaves, so that the sum holds unless it is given. */
export function account(changes: Partial<DestinationAccounting> = {}): DestinationAccounting {
  const accepted = changes.accepted ?? 100;
  const settled = {
    expired: changes.expired ?? 0,
    refused: changes.refused ?? 0,
    deadLettered: changes.deadLettered ?? 0,
    damaged: changes.damaged ?? 0,
  };
  const waiting = changes.waiting ?? 0;
  const gone = settled.expired + settled.refused + settled.deadLettered + settled.damaged;
  return {
    destination: 'otlp',
    signal: 'traces',
    accepted,
    delivered: accepted - waiting - gone,
    waiting,
    ...settled,
    balanced: true,
    oldestWaitingAt: null,
    state: 'idle',
    lastError: null,
    nextAttemptAt: null,
    ...changes,
  };
}

/** A journal that is written, a quarter full, kept for two days. */
export function journal(changes: Partial<JournalAccounting> = {}): JournalAccounting {
  return {
    signal: 'traces',
    accepted: 100,
    bytes: 256,
    maxBytes: 1024,
    maxAgeSeconds: 172_800,
    segments: 1,
    oldestAt: '2026-01-31T09:00:00.000Z',
    failure: null,
    ...changes,
  };
}

/** A report of these accounts, with a journal for each of their signals unless journals are given. */
export function report(
  destinations: DestinationAccounting[],
  journals = [...new Set(destinations.map(({ signal }) => signal))].map((signal) => journal({ signal })),
): AccountingResponse {
  const balanced = destinations.every((account) => account.balanced);
  return { at: AT, balanced, journals, destinations, warnings: [], processors: [] };
}
