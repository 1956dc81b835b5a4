import type { AccountingResponse } from '#api/schemas/accounting.ts';
import { countItems } from './account-state.ts';

/** The answer in one line, when nothing is wrong. */
export interface Verdict {
  kind: 'nothing' | 'moving' | 'well';
  text: string;
  detail: string;
}

/** What to say of a report without problems; `findProblems` tells whether there are any. */
export function verdictOf(report: AccountingResponse): Verdict {
  const { destinations, journals } = report;
  const detail = acceptedText(report);
  if (![...journals, ...destinations].some(({ accepted }) => accepted > 0)) {
    return { kind: 'nothing', text: 'Nothing has been accepted yet', detail: '' };
  }
  const behind = destinations.filter(({ waiting }) => waiting > 0);
  if (behind.length === 0) return { kind: 'well', text: 'Everything accepted is delivered', detail };
  const waiting = behind.reduce((sum, account) => sum + account.waiting, 0);
  const text = `Everything accepted is delivered or on its way: ${countItems(waiting, behind)} to go`;
  return { kind: 'moving', text, detail };
}

function acceptedText({ destinations, journals }: AccountingResponse): string {
  const amounts = journals
    .filter(({ accepted }) => accepted > 0)
    .map((journal) => countItems(journal.accepted, [journal]));
  const names = new Set(destinations.map(({ destination }) => destination));
  return amounts.length === 0 ? '' : `${amounts.join(', ')} → ${[...names].join(', ')}`;
}
