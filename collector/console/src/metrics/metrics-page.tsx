import type { Static } from 'typebox';
import type { MetricSummary, MetricsResponse } from '#api/schemas/metrics.ts';
import { usePages } from '../fetch/use-pages.ts';
import { useServiceNames } from '../fetch/use-service-names.ts';
import { formatAge } from '../format/duration.ts';
import { countOf, formatCount } from '../format/number.ts';
import { exactTime, nanoToMs } from '../format/time.ts';
import { unitWord } from '../format/unit.ts';
import { useConsole } from '../state.ts';
import { metricPath } from '../url/route.ts';
import { FilterField } from '../widgets/filter-field.tsx';
import { FilterSelect } from '../widgets/filter-select.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { metricKind } from './metric-kind.ts';

type Summary = Static<typeof MetricSummary>;

/** The names of all metrics of the range. */
export function MetricsPage() {
  const { location, range } = useConsole();
  const params = location.params.value;
  const query = new URLSearchParams({ ...range.value, limit: '500' });
  for (const key of ['q', 'service']) {
    const value = params.get(key);
    if (value !== null) query.set(key, value);
  }
  const metrics = usePages<MetricsResponse, Summary>({
    path: `/api/v1/metrics?${query}`,
    itemsOf: (response) => response.metrics,
    keyOf: (metric) => `${metric.name} ${metric.type} ${metric.unit} ${metric.temporality}`,
    live: true,
  });
  const names = useServiceNames();
  const { items, more, first } = metrics;
  return (
    <section class="page">
      <header class="page-head">
        <h1>Metrics</h1>
        {first.data !== undefined && (
          <span class="muted">
            {more.cursor === null
              ? countOf(items.length, 'metric')
              : `the first ${items.length}, there are more`}
          </span>
        )}
      </header>
      <search class="filters" aria-label="Filter metrics">
        <FilterField
          name="q"
          label="Part of the name"
          placeholder="Search names"
          width="240px"
          applyAfterMs={300}
        />
        <FilterSelect name="service" label="Service" none="All services" options={names.services} />
      </search>
      <LoadState of={first} what="Metrics">
        {() =>
          items.length === 0 ? (
            <NoMetrics />
          ) : (
            <>
              <MetricTable metrics={items} />
              {more.cursor !== null && (
                <div class="list-end">
                  <button type="button" class="button" disabled={more.loading} onClick={more.load}>
                    {more.loading ? 'Loading…' : 'Load more'}
                  </button>
                </div>
              )}
            </>
          )
        }
      </LoadState>
    </section>
  );
}

function NoMetrics() {
  const { location } = useConsole();
  const params = location.params.value;
  const filtered = params.has('q') || params.has('service');
  return (
    <Notice title={filtered ? 'No metric fits these filters' : 'No metrics in this time range'}>
      {filtered && (
        <a class="button" href={location.to('/metrics')}>
          Clear filters
        </a>
      )}
      <a class="button" href={location.to('/send')}>
        How to send data
      </a>
    </Notice>
  );
}

function MetricTable({ metrics }: { metrics: readonly Summary[] }) {
  const { location, zone } = useConsole();
  return (
    <table class="table metrics-table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">Unit</th>
          <th scope="col" class="minor">
            Services
          </th>
          <th scope="col" class="numeric minor">
            Series
          </th>
          <th scope="col" class="numeric minor">
            Last seen
          </th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <tr
            key={`${metric.name} ${metric.type} ${metric.unit} ${metric.temporality}`}
            data-row
            data-testid="metric-row"
          >
            <td>
              <a
                data-row-link
                href={location.to(metricPath(metric.name), { service: location.params.value.get('service') })}
                title={metric.description}
              >
                <span class="strong">{metric.name}</span>
                <span class="muted clip">{metric.description}</span>
              </a>
            </td>
            <td class="muted">{metricKind(metric)}</td>
            <td class="muted" title={metric.unit}>
              {unitWord(metric.unit) || '–'}
            </td>
            <td class="minor muted clip" title={metric.services.join(', ')}>
              {metric.services.slice(0, 2).join(', ')}
              {metric.services.length > 2 && ` +${metric.services.length - 2}`}
            </td>
            <td class="numeric minor">{formatCount(metric.series)}</td>
            <td class="numeric minor muted" title={exactTime(metric.lastSeenUnixNano, zone.value)}>
              {formatAge(Date.now() - nanoToMs(metric.lastSeenUnixNano))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
