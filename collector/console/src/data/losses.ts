import type { AccountingResponse, DestinationAccounting } from '#api/schemas/accounting.ts';
import { countItems } from './account-state.ts';
import { byDestination, type Problem } from './problem.ts';
import { replayCommand } from './replay-command.ts';

type Loss = 'deadLettered' | 'expired' | 'damaged' | 'refused';
type Told = Omit<Problem, 'tone' | 'subject'>;

/** What a destination did not get and never will by itself: one problem for each destination and reason. */
export function lossProblems({ destinations }: AccountingResponse): Problem[] {
  return (['deadLettered', 'expired', 'damaged', 'refused'] as const).flatMap((loss) =>
    byDestination(destinations.filter((account) => account[loss] > 0)).map(
      ([subject, accounts]): Problem => ({
        tone: 'lost',
        subject,
        ...WORDS[loss](subject, countItems(totalOf(accounts, loss), accounts)),
      }),
    ),
  );
}

const WORDS: Readonly<Record<Loss, (subject: string, items: string) => Told>> = {
  deadLettered: (subject, items) => ({
    kind: 'dead-lettered',
    title: `${subject} refused ${items} for good`,
    why: 'They are kept in the dead-letter folder, each with its reason.',
    todo: 'Mend what was refused, then send them again:',
    command: replayCommand(subject),
  }),
  expired: (subject, items) => ({
    kind: 'expired',
    title: `${subject} lost ${items}: too old or too many to be kept`,
    why: `The journal reached its age or its size before ${subject} took them.`,
    todo: `Find out why ${subject} was behind (the log of Signalbox says so), or give the journal more time or room (journal.max_age_hours, journal.max_bytes).`,
  }),
  damaged: (subject, items) => ({
    kind: 'damaged',
    title: `${subject} lost ${items}: damaged on disk`,
    why: 'Bytes of the journal were not those that had been written.',
    todo: 'Check the disk under the data folder: what else is on it may be damaged too.',
  }),
  refused: (subject, items) => ({
    kind: 'refused',
    title: `${subject} left out ${items}`,
    why: 'It took the requests and said that it did not keep these (partial_success).',
    todo: 'The log of Signalbox has its words. Mostly it is the sender that must be mended.',
  }),
};

function totalOf(accounts: readonly DestinationAccounting[], loss: Loss): number {
  return accounts.reduce((sum, account) => sum + account[loss], 0);
}
