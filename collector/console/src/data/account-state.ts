import type { DestinationAccounting } from '#api/schemas/accounting.ts';
import { countOf, formatCount } from '../format/number.ts';
import { ageMs } from './ages.ts';

/** `bad` is broken, `warning` may become so. */
export type Tone = 'plain' | 'warning' | 'bad';

export interface AccountState {
  word: string;
  tone: Tone;
}

/** A destination that keeps up has nothing in the journal for longer than this, milliseconds. */
export const SLOW_AFTER_MS = 60_000;

const NOUNS = { traces: 'span', metrics: 'data point', logs: 'log record' } as const;

/** What a destination does about one signal, in a word for the table. `at` is when the account was read. */
export function stateOf(account: DestinationAccounting, at: string): AccountState {
  if (account.state === 'splitting') return { word: 'splitting', tone: 'bad' };
  if (isFailing(account)) return { word: 'retrying', tone: 'bad' };
  if (account.waiting === 0) return { word: 'up to date', tone: 'plain' };
  if (isSlow(account, at)) return { word: 'slow', tone: 'warning' };
  return { word: account.state === 'sending' ? 'sending' : 'waiting', tone: 'plain' };
}

/**
 * Sending fails: an attempt under way does not change that. With nothing waiting it is dead letters that are sent
 * again; an error alone is then an old one.
 */
export function isFailing({ lastError, state, waiting }: DestinationAccounting): boolean {
  return state === 'retrying' || state === 'splitting' || (waiting > 0 && lastError !== null);
}

/** Nothing failed, and yet something waits for long. */
export function isSlow(account: DestinationAccounting, at: string): boolean {
  const { oldestWaitingAt, waiting } = account;
  if (waiting === 0 || oldestWaitingAt === null || isFailing(account)) return false;
  return ageMs(at, oldestWaitingAt) > SLOW_AFTER_MS;
}

/** Items that this destination will never have: expired, left out or damaged. */
export function lostItems({ damaged, expired, refused }: DestinationAccounting): number {
  return expired + refused + damaged;
}

/** How many accepted items are nowhere; negative when more are accounted for than were accepted. */
export function missingItems(account: DestinationAccounting): number {
  const { accepted, deadLettered, delivered, waiting } = account;
  return accepted - (delivered + waiting + deadLettered + lostItems(account));
}

/** The sum written out, every digit: for hovers. */
export function sumText(account: DestinationAccounting): string {
  const parts = [
    ['delivered', account.delivered],
    ['waiting', account.waiting],
    ['expired', account.expired],
    ['refused', account.refused],
    ['dead-lettered', account.deadLettered],
    ['damaged', account.damaged],
  ] as const;
  const sum = parts.map(([name, count]) => `${formatCount(count)} ${name}`).join(' + ');
  return `${formatCount(account.accepted)} accepted ${account.balanced ? '=' : '≠'} ${sum}`;
}

/** A count with what it counts: spans, data points or log records; items where signals are mixed. */
export function countItems(
  count: number,
  accounts: readonly Pick<DestinationAccounting, 'signal'>[],
): string {
  const [first, ...others] = new Set(accounts.map(({ signal }) => signal));
  return countOf(count, first === undefined || others.length > 0 ? 'item' : NOUNS[first]);
}

/** What a column of the table is sorted by; `state` puts first what needs somebody. */
export function accountSortValue(
  account: DestinationAccounting,
  { at, column }: { at: string; column: string },
): string | number {
  switch (column) {
    case 'destination':
      return account.destination;
    case 'signal':
      return account.signal;
    case 'accepted':
    case 'delivered':
    case 'waiting':
    case 'expired':
    case 'refused':
    case 'deadLettered':
    case 'damaged':
      return account[column];
    case 'sum':
      return Math.abs(missingItems(account));
    default:
      return attention(account, at);
  }
}

function attention(account: DestinationAccounting, at: string): number {
  if (!account.balanced) return 5;
  if (isFailing(account)) return 4;
  if (isSlow(account, at)) return 3;
  if (account.deadLettered + lostItems(account) > 0) return 2;
  return account.waiting > 0 ? 1 : 0;
}
