import type { ProcessorsResponse } from '#api/schemas/processors.ts';
import { stringifyExact } from '../fetch/exact-json.ts';
import { useApi } from '../fetch/use-api.ts';
import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Icon } from '../widgets/icon.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { CountSection } from './count-section.tsx';
import { FindUser } from './find-user.tsx';
import { RuleList } from './rule-list.tsx';
import { SectionList } from './section-list.tsx';
import { TryIt } from './try-it.tsx';
import { processorsVerdict } from './verdict.ts';

const TRY_FIELD = 'try-text';
const USER_FIELD = 'user-id';

/** What is done to telemetry before it is kept: what was done, what would be, and by which rules. */
export function ProcessorsPage() {
  // All of them, so that filters, sums and the names to choose from need no further request.
  const report = useApi<ProcessorsResponse>('/api/v1/processors?limit=5000', { live: true });
  const { data } = report;
  return (
    <section class="page processors-page">
      <header class="page-head">
        <h1>Processors</h1>
        {data !== undefined && <Since report={data} />}
        <span class="spacer" />
        <Jump to={TRY_FIELD}>Try a text</Jump>
        <Jump to={USER_FIELD}>Find a user</Jump>
        {data !== undefined && (
          <CopyButton text={() => stringifyExact(data)} label="Copy this page as JSON" caption="JSON" />
        )}
      </header>
      <LoadState of={report} what="Processors">
        {(loaded) => (
          <>
            <Verdict report={loaded} />
            <CountSection report={loaded} />
            <SectionList report={loaded} />
            <RuleList rules={loaded.rules} />
          </>
        )}
      </LoadState>
      <div class="processor-tools">
        <TryIt fieldId={TRY_FIELD} rules={data?.rules ?? []} />
        <FindUser fieldId={USER_FIELD} isHashed={isHashed(data)} />
      </div>
    </section>
  );
}

function isHashed(report: ProcessorsResponse | undefined): boolean {
  return report?.rules.find(({ name }) => name === 'user-id')?.isOn ?? true;
}

function Since({ report: { since } }: { report: ProcessorsResponse }) {
  const { zone } = useConsole();
  return (
    <span class="muted">
      counted since the start of the process{' '}
      <time dateTime={since}>({formatDateTime(Date.parse(since), zone.value)})</time>, whatever the time range
    </span>
  );
}

function Jump({ to, children }: { to: string; children: string }) {
  return (
    <button type="button" class="button small" onClick={() => document.getElementById(to)?.focus()}>
      {children}
    </button>
  );
}

function Verdict({ report }: { report: ProcessorsResponse }) {
  const { kind, text } = processorsVerdict(report.counts);
  const left = report.countsTotal - report.counts.length;
  return (
    <p class={`verdict is-${kind}`} data-testid="processors-verdict" data-verdict={kind}>
      <Icon name={kind === 'done' ? 'processors' : 'check'} />
      <span>
        <span class="strong" role="status">
          {text}
        </span>{' '}
        <span class="muted">
          · before anything is kept
          {left > 0 && `; the ${left} smallest counts are not in these sums`}
        </span>
      </span>
    </p>
  );
}
