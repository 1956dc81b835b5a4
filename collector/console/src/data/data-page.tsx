import type { AccountingResponse } from '#api/schemas/accounting.ts';
import { stringifyExact } from '../fetch/exact-json.ts';
import { useApi } from '../fetch/use-api.ts';
import { formatClock, formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { AccountTable } from './account-table.tsx';
import { DroppedLine } from './dropped-line.tsx';
import { JournalTable } from './journal-table.tsx';
import { ProblemList } from './problem-list.tsx';
import { findProblems } from './problems.ts';
import { VerdictLine } from './verdict-line.tsx';

/** Where everything is that was accepted: what waits, what was lost, and why. */
export function DataPage() {
  const report = useApi<AccountingResponse>('/api/v1/accounting', { live: true });
  return (
    <section class="page data-page">
      <header class="page-head">
        <h1>Data</h1>
        {report.data !== undefined && <Shown report={report.data} />}
      </header>
      <LoadState of={report} what="Accounts">
        {(data) =>
          data.journals.length + data.destinations.length === 0 ? <NoAccounts /> : <Report report={data} />
        }
      </LoadState>
    </section>
  );
}

function Shown({ report }: { report: AccountingResponse }) {
  const { zone } = useConsole();
  const atMs = Date.parse(report.at);
  return (
    <>
      <span class="muted">
        as of{' '}
        <time dateTime={report.at} title={formatDateTime(atMs, zone.value)}>
          {formatClock(atMs, zone.value, Date.now()).replace(/\.\d+$/, '')}
        </time>
        , counted since each account began; the time range does not matter here
      </span>
      <span class="spacer" />
      <CopyButton text={() => stringifyExact(report)} label="Copy this page as JSON" caption="JSON" />
    </>
  );
}

function Report({ report }: { report: AccountingResponse }) {
  const problems = findProblems(report);
  return (
    <>
      {problems.length === 0 ? (
        <VerdictLine report={report} />
      ) : (
        <ProblemList problems={problems} at={report.at} />
      )}
      {report.destinations.length > 0 && <AccountTable accounts={report.destinations} at={report.at} />}
      <DroppedLine processors={report.processors} />
      {report.journals.length > 0 && <JournalTable journals={report.journals} at={report.at} />}
    </>
  );
}

function NoAccounts() {
  const { location } = useConsole();
  return (
    <Notice
      title="There are no accounts yet"
      detail="Each destination has one for spans, data points and log records. It begins with the first that is accepted."
    >
      <a class="button" href={location.to('/send')}>
        How to send data
      </a>
    </Notice>
  );
}
