import type { Alert, AlertsResponse } from '#api/schemas/alerts.ts';
import { usePages } from '../fetch/use-pages.ts';
import { formatCount } from '../format/number.ts';
import { useConsole } from '../state.ts';
import { LoadState } from '../widgets/load-state.tsx';
import { AlertFilters } from './alert-filters.tsx';
import { AlertTable } from './alert-table.tsx';
import { alertsQuery, hasAlertFilters } from './alerts-query.ts';
import { AlertsVerdictLine } from './alerts-verdict-line.tsx';
import { NoAlertFits, NoAlertsYet } from './no-alerts.tsx';

/** What fires and what did, as it was told; firing ones first. */
export function AlertsPage() {
  const { location } = useConsole();
  const params = location.params.value;
  const alerts = usePages<AlertsResponse, Alert>({
    path: `/api/v1/alerts?${alertsQuery(params)}`,
    itemsOf: (response) => response.alerts,
    keyOf: (alert) => alert.id,
    live: true,
  });
  const { items, more } = alerts;
  return (
    <section class="page alerts-page">
      <header class="page-head">
        <h1>Alerts</h1>
        {alerts.first.data !== undefined && !isEmpty(alerts.first.data) && (
          <Shown counts={alerts.first.data.counts} />
        )}
      </header>
      <LoadState of={alerts.first} what="Alerts">
        {(data) =>
          isEmpty(data) && !hasAlertFilters(params) ? (
            <NoAlertsYet />
          ) : (
            <>
              <AlertsVerdictLine report={data} />
              <AlertFilters severities={items.map(({ severity }) => severity)} />
              {items.length === 0 ? <NoAlertFits /> : <AlertTable alerts={items} />}
              {more.cursor !== null && (
                <div class="list-end">
                  <button type="button" class="button" disabled={more.loading} onClick={more.load}>
                    {more.loading ? 'Loading…' : 'Load more'}
                  </button>
                  {more.failure !== undefined && <span class="is-bad">{more.failure.message}</span>}
                </div>
              )}
            </>
          )
        }
      </LoadState>
    </section>
  );
}

function Shown({ counts }: { counts: AlertsResponse['counts'] }) {
  return (
    <span class="muted">
      {formatCount(counts.firing)} firing, {formatCount(counts.resolved)} resolved in the last 30 days; the
      time range does not matter here
    </span>
  );
}

function isEmpty({ counts, watchdog }: AlertsResponse): boolean {
  return counts.firing + counts.resolved === 0 && watchdog === null;
}
