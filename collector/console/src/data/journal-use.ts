import type { JournalAccounting } from '#api/schemas/accounting.ts';
import { formatRatio } from '../format/number.ts';
import { ageMs } from './ages.ts';

/** How much of its limits a journal uses. Shares are 0 to 1; null when it keeps nothing. */
export interface JournalUse {
  bytesShare: number;
  ageMs: number | null;
  ageShare: number | null;
}

export function journalUse(journal: JournalAccounting, at: string): JournalUse {
  const age = journal.oldestAt === null ? null : ageMs(at, journal.oldestAt);
  return {
    bytesShare: shareOf(journal.bytes, journal.maxBytes),
    ageMs: age,
    ageShare: age === null ? null : shareOf(age, journal.maxAgeSeconds * 1000),
  };
}

/** Beside the age, the size of a journal decides how long it keeps what waits. */
export function roomText(bytesShare: number): string {
  return bytesShare < 0.99
    ? `the journal is ${formatRatio(bytesShare)} full`
    : 'the journal is full: now the oldest goes, or senders get 503 (journal.when_full)';
}

/** A whole segment is removed at once, so that a journal may stand a little above its limit. */
function shareOf(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole));
}
