import type { AccountingResponse, DestinationAccounting } from '#api/schemas/accounting.ts';
import { countItems, isFailing, isSlow } from './account-state.ts';
import { journalUse } from './journal-use.ts';
import { byDestination, earliest, type Problem } from './problem.ts';

/** Destinations that fail or do not keep up: one problem for all signals of a destination. */
export function behindProblems(report: AccountingResponse): Problem[] {
  const failing = report.destinations.filter(isFailing);
  const slow = report.destinations.filter((account) => isSlow(account, report.at));
  return [
    ...byDestination(failing).map(([name, accounts]) => failingProblem(name, accounts, report)),
    ...byDestination(slow).map(([name, accounts]) => slowProblem(name, accounts, report)),
  ];
}

function failingProblem(
  subject: string,
  accounts: readonly DestinationAccounting[],
  report: AccountingResponse,
): Problem {
  const nextAttemptAt = earliest(accounts.map((account) => account.nextAttemptAt));
  return {
    kind: 'failing',
    tone: 'bad',
    subject,
    title: failingTitle(subject, accounts),
    why: errorText(accounts),
    todo: accounts.some(({ state }) => state === 'splitting')
      ? `Nothing to do, unless it stays so. ${subject} refused a request, which is sent in ever smaller parts until the items at fault are found; those go to the dead-letter folder.`
      : `See that ${subject} is up and takes what is sent to it. Everything is on disk, and is sent again by itself.`,
    ...waitingTimes(accounts, report),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
  };
}

function failingTitle(subject: string, accounts: readonly DestinationAccounting[]): string {
  return accounts.some(({ waiting }) => waiting > 0)
    ? `${subject} is behind: ${waitingText(accounts)}`
    : `${subject} fails while dead letters are sent to it again`;
}

function slowProblem(
  subject: string,
  accounts: readonly DestinationAccounting[],
  report: AccountingResponse,
): Problem {
  return {
    kind: 'slow',
    tone: 'warning',
    subject,
    title: `${subject} does not keep up: ${waitingText(accounts)}`,
    why: 'No attempt failed. More arrives than it takes, or it catches up after an outage.',
    todo: `Watch whether the number falls. If it grows, ${subject} is too slow for what arrives.`,
    ...waitingTimes(accounts, report),
  };
}

function waitingText(accounts: readonly DestinationAccounting[]): string {
  const waiting = accounts.reduce((sum, account) => sum + account.waiting, 0);
  return `${countItems(waiting, accounts)} ${waiting === 1 ? 'waits' : 'wait'}`;
}

/** One reason for all signals stands alone; several are told apart by their signal. */
function errorText(accounts: readonly DestinationAccounting[]): string {
  const known = accounts.filter(({ lastError }) => lastError !== null);
  const [first, ...others] = new Set(known.map(({ lastError }) => lastError));
  if (first === undefined) return 'The last attempt failed, without a reason.';
  if (others.length === 0) return String(first);
  return known.map(({ lastError, signal }) => `${signal}: ${lastError}`).join('; ');
}

function waitingTimes(
  accounts: readonly DestinationAccounting[],
  { at, journals }: AccountingResponse,
): Pick<Problem, 'sinceAt' | 'keptUntilAt' | 'journalShare'> {
  const sinceAt = earliest(accounts.map(({ oldestWaitingAt }) => oldestWaitingAt));
  const concerned = journals.filter(({ signal }) => accounts.some((account) => account.signal === signal));
  const keptUntilAt = earliest(
    accounts.map(({ oldestWaitingAt, signal }) => {
      const journal = concerned.find((one) => one.signal === signal);
      if (journal === undefined || oldestWaitingAt === null) return null;
      return new Date(Date.parse(oldestWaitingAt) + journal.maxAgeSeconds * 1000).toISOString();
    }),
  );
  const shares = concerned.map((journal) => journalUse(journal, at).bytesShare);
  return {
    ...(sinceAt === undefined ? {} : { sinceAt }),
    ...(keptUntilAt === undefined ? {} : { keptUntilAt, journalShare: Math.max(...shares) }),
  };
}
