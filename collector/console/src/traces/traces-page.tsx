import type { TracesResponse } from '#api/schemas/traces.ts';
import { usePages } from '../fetch/use-pages.ts';
import { countOf } from '../format/number.ts';
import { useConsole } from '../state.ts';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { TraceFilters } from './trace-filters.tsx';
import { TraceTable } from './trace-table.tsx';
import { tracesQuery } from './traces-query.ts';

/** Finds traces: filters in the address, newest first. */
export function TracesPage() {
  const { location, range } = useConsole();
  const query = tracesQuery(location.params.value, range.value);
  const traces = usePages<TracesResponse, TracesResponse['traces'][number]>({
    path: `/api/v1/traces?${query}`,
    itemsOf: (response) => response.traces,
    keyOf: (trace) => trace.traceId,
    live: true,
  });
  const { items, more } = traces;
  return (
    <section class="page">
      <header class="page-head">
        <h1>Traces</h1>
        {traces.first.data !== undefined && (
          <span class="muted">
            {more.cursor === null
              ? countOf(items.length, 'trace')
              : `the newest ${items.length}, there are more`}
            {more.pages > 1 && ' · not refreshing while older pages are shown'}
          </span>
        )}
      </header>
      <TraceFilters />
      <LoadState of={traces.first} what="Traces">
        {() =>
          items.length === 0 ? (
            <NoTraces />
          ) : (
            <>
              <TraceTable traces={items} />
              <div class="list-end">
                {more.cursor === null ? (
                  <span class="muted">That is all in this time range.</span>
                ) : (
                  <button type="button" class="button" disabled={more.loading} onClick={more.load}>
                    {more.loading ? 'Loading…' : 'Load more'}
                  </button>
                )}
                {more.failure !== undefined && <span class="is-bad">{more.failure.message}</span>}
              </div>
            </>
          )
        }
      </LoadState>
    </section>
  );
}

function NoTraces() {
  const { location } = useConsole();
  const filtered = [...location.params.value.keys()].some(
    (key) => key.startsWith('attr.') || ['service', 'operation', 'minDurationMs', 'error'].includes(key),
  );
  return (
    <Notice
      title={filtered ? 'No trace fits these filters' : 'No traces in this time range'}
      detail={
        filtered
          ? 'All filters must hold on one and the same span.'
          : 'A trace is found by the time its matching spans started.'
      }
    >
      {filtered && (
        <a class="button" href={location.to('/traces')}>
          Clear filters
        </a>
      )}
      <a class="button" href={location.with({ from: 'now-7d', to: null })}>
        Look at the last 7 days
      </a>
      <a class="button" href={location.to('/send')}>
        How to send data
      </a>
    </Notice>
  );
}
