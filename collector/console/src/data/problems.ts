import type { AccountingResponse, JournalAccounting } from '#api/schemas/accounting.ts';
import { countItems, missingItems } from './account-state.ts';
import { behindProblems } from './behind.ts';
import { lossProblems } from './losses.ts';
import type { Problem } from './problem.ts';
import { warningProblems } from './warnings.ts';

/** Everything that is wrong, worst first: nothing is taken in, sums are off, something waits, is in danger, was lost. */
export function findProblems(report: AccountingResponse): Problem[] {
  return [
    ...journalProblems(report),
    ...unbalancedProblems(report),
    ...behindProblems(report),
    ...warningProblems(report),
    ...lossProblems(report),
    ...unreadProblems(report),
  ];
}

function journalProblems({ journals }: AccountingResponse): Problem[] {
  return journals
    .filter(({ failure }) => failure !== null)
    .map(({ failure, signal }) => ({
      kind: 'journal',
      tone: 'bad',
      subject: signal,
      title: `No ${signal} are accepted now: senders get 503`,
      why: String(failure),
      todo: 'Mend the disk of the data folder, or free space on it. Senders keep what they have for a while and try again; nothing needs a restart.',
    }));
}

function unbalancedProblems({ destinations }: AccountingResponse): Problem[] {
  return destinations
    .filter(({ balanced }) => !balanced)
    .map((account) => {
      const missing = missingItems(account);
      const items = countItems(Math.abs(missing), [account]);
      return {
        kind: 'unbalanced',
        tone: 'bad',
        subject: `${account.destination} ${account.signal}`,
        title: `The sum of ${account.destination} does not hold for ${account.signal}`,
        why: missing > 0 ? `${items} of those accepted are nowhere.` : `${items} more than were accepted.`,
        todo: 'This is a mistake of Signalbox. Please report it, with this page as JSON (the button above).',
      };
    });
}

/** What no destination takes stays in the journal until that lets go of it. */
function unreadProblems({ destinations, journals }: AccountingResponse): Problem[] {
  const isUnread = ({ accepted, signal }: JournalAccounting) =>
    accepted > 0 && !destinations.some((account) => account.signal === signal);
  return journals.filter(isUnread).map((journal) => ({
    kind: 'no-destination',
    tone: 'warning',
    subject: journal.signal,
    title: `${countItems(journal.accepted, [journal])} accepted, and no destination for ${journal.signal}`,
    why: 'No destination is configured for them.',
    todo: 'Configure one, or stop sending them: the journal keeps them only for a while.',
  }));
}
