import { useMemo, useState } from 'preact/hooks';
import type { MetricResponse } from '#api/schemas/metrics.ts';
import { useApi } from '../fetch/use-api.ts';
import { useServiceNames } from '../fetch/use-service-names.ts';
import { formatCount } from '../format/number.ts';
import { nanoToMs } from '../format/time.ts';
import { formatMetricValue } from '../format/unit.ts';
import { useConsole } from '../state.ts';
import { Chart } from '../widgets/chart.tsx';
import { FilterChips } from '../widgets/filter-chips.tsx';
import { FilterSelect } from '../widgets/filter-select.tsx';
import { Icon } from '../widgets/icon.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { Exemplars } from './exemplars.tsx';
import { metricKind, statLabel, statsOf } from './metric-kind.ts';
import { MetricLegend } from './metric-legend.tsx';
import { metricLines } from './metric-series.ts';

/** One metric plotted. */
export function MetricPage({ name }: { name: string }) {
  const { location, range } = useConsole();
  const params = location.params.value;
  const query = new URLSearchParams({ ...range.value });
  for (const key of ['service', 'by', 'stat']) {
    const value = params.get(key);
    if (value !== null) query.set(key, value);
  }
  for (const [key, value] of params) if (key.startsWith('attr.')) query.append(key, value);
  const metric = useApi<MetricResponse>(`/api/v1/metrics/${encodeURIComponent(name)}?${query}`, {
    live: true,
  });
  return (
    <section class="page">
      <header class="page-head">
        <a class="icon-button" href={location.to('/metrics')} aria-label="All metrics" title="All metrics">
          <Icon name="left" />
        </a>
        <h1>{name}</h1>
        {metric.data !== undefined && <span class="tag">{metricKind(metric.data)}</span>}
      </header>
      {metric.data !== undefined && metric.data.description !== '' && (
        <p class="muted">{metric.data.description}</p>
      )}
      <MetricFilters metric={metric.data} />
      <LoadState of={metric} what="The metric">
        {(data) => <MetricPlot metric={data} />}
      </LoadState>
    </section>
  );
}

function MetricFilters({ metric }: { metric: MetricResponse | undefined }) {
  const names = useServiceNames();
  const stats = metric === undefined ? [] : statsOf(metric);
  const keys = (metric?.attributeKeys ?? []).map(({ key, values }) => ({
    value: key,
    label: `${key} (${values})`,
  }));
  return (
    <search class="filters" aria-label="Filter the metric">
      <FilterSelect
        name="stat"
        label="What is plotted"
        none={metric === undefined ? 'Default' : statLabel(stats[0] ?? metric.stat)}
        options={stats.slice(1).map((stat) => ({ value: stat, label: statLabel(stat) }))}
      />
      <FilterSelect name="by" label="Group by" none="Every series" options={keys} />
      <FilterSelect name="service" label="Service" none="All services" options={names.services} />
      <FilterChips />
    </search>
  );
}

const VALUE_STATS = new Set(['value', 'avg', 'p50', 'p95', 'p99']);

function MetricPlot({ metric }: { metric: MetricResponse }) {
  const { location } = useConsole();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<number | null>(null);
  const lines = useMemo(() => metricLines(metric, hidden), [metric, hidden]);
  const markers = useMemo(
    () =>
      VALUE_STATS.has(metric.stat)
        ? metric.exemplars.map(({ timeUnixNano, value }) => ({ time: nanoToMs(timeUnixNano) / 1000, value }))
        : [],
    [metric],
  );
  const format = (value: number) => formatMetricValue(value, metric);
  if (metric.series.length === 0) {
    return (
      <Notice
        title="No points in this time range"
        detail="With other filters or a longer range there may be some."
      >
        <a class="button" href={location.with({ from: 'now-7d', to: null })}>
          Look at the last 7 days
        </a>
      </Notice>
    );
  }
  return (
    <>
      <Chart
        title={`${statLabel(metric.stat)}, a point every ${formatCount(metric.stepSeconds)} s`}
        times={lines.times}
        series={lines.series}
        range={{ fromMs: nanoToMs(metric.range.fromUnixNano), toMs: nanoToMs(metric.range.toUnixNano) }}
        format={format}
        height={300}
        markers={markers}
        onCursor={setCursor}
      />
      {metric.series.length < metric.seriesTotal && (
        <p class="muted">
          Showing {metric.series.length} of {formatCount(metric.seriesTotal)} series, those with the largest
          values. Group by an attribute to see all of them summed.
        </p>
      )}
      {metric.seriesLeftOut > 0 && (
        <p class="muted">
          {formatCount(metric.seriesLeftOut)} more series are in none of these figures, they are too many to
          read at once. Filter by service or attribute to see them.
        </p>
      )}
      <MetricLegend lines={lines} cursor={cursor} format={format} hidden={hidden} onHide={setHidden} />
      <Exemplars metric={metric} />
    </>
  );
}
