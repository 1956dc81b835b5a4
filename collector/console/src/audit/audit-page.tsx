import type { AuditItem, AuditResponse } from '#api/schemas/audit.ts';
import { usePages } from '../fetch/use-pages.ts';
import { AdminOnly } from '../shell/admin-only.tsx';
import { useConsole } from '../state.ts';
import { FilterField } from '../widgets/filter-field.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { auditQuery, hasAuditFilters } from './audit-query.ts';
import { AuditTable } from './audit-table.tsx';

const ACTIONS = ['login', 'logout', 'password', 'keys', 'people', 'tokens'];

/** Who did what, newest first. */
export function AuditPage() {
  return (
    <AdminOnly title="The audit record" is="is">
      <Audit />
    </AdminOnly>
  );
}

function Audit() {
  const { location, range } = useConsole();
  const { first, items, more } = usePages<AuditResponse, AuditItem>({
    path: `/api/v1/audit?${auditQuery(location.params.value, range.value)}`,
    itemsOf: ({ records }) => records,
    keyOf: (record) => JSON.stringify(record),
    live: true,
  });
  return (
    <section class="page audit-page">
      <header class="page-head">
        <h1>Audit</h1>
        <span class="muted">logins, changes and attempts at them, in the time range above</span>
      </header>
      <div class="filters">
        <FilterField name="who" label="Who, exactly" placeholder="Who" />
        <FilterField name="action" label="Part of an action" placeholder="Action" suggestions={ACTIONS} />
      </div>
      <LoadState of={first} what="The audit record">
        {() => (items.length === 0 ? <NothingDone /> : <AuditTable records={items} />)}
      </LoadState>
      {more.cursor !== null && (
        <div class="list-end">
          <button type="button" class="button" disabled={more.loading} onClick={more.load}>
            {more.loading ? 'Loading…' : 'Load more'}
          </button>
          {more.failure !== undefined && <span class="is-bad">{more.failure.message}</span>}
        </div>
      )}
    </section>
  );
}

function NothingDone() {
  const { location } = useConsole();
  const isNarrowed = hasAuditFilters(location.params.value);
  return (
    <Notice
      title={isNarrowed ? 'No record fits' : 'Nothing recorded in this time range'}
      icon="audit"
      detail={
        isNarrowed
          ? 'Names have to be exact; of an action, a part is enough.'
          : 'Reading is not recorded: only logins, changes and attempts at them.'
      }
    >
      {isNarrowed && (
        <a class="button" href={location.with({ who: null, action: null })}>
          Remove the filters
        </a>
      )}
      <a class="button" href={location.with({ from: 'now-30d', to: null })}>
        Last 30 days
      </a>
    </Notice>
  );
}
