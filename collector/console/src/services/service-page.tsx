import { useMemo } from 'preact/hooks';
import type { Service, ServicesResponse } from '#api/schemas/services.ts';
import { useApi } from '../fetch/use-api.ts';
import { formatMs } from '../format/duration.ts';
import { countOf, formatRate, formatRatio } from '../format/number.ts';
import { nanoToMs } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { hrefOf } from '../url/query.ts';
import { Chart } from '../widgets/chart.tsx';
import { Fact } from '../widgets/fact.tsx';
import { Icon } from '../widgets/icon.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ServiceName } from '../widgets/service-name.tsx';
import { OperationsTable } from './operations-table.tsx';
import { serviceCharts } from './service-charts.ts';

/** One service: rate, errors and latency over time, and its operations. */
export function ServicePage({ service }: { service: string }) {
  const { location, range } = useConsole();
  const query = new URLSearchParams({ ...range.value, service, points: '200' });
  const loaded = useApi<ServicesResponse>(hrefOf('/api/v1/services', query), { live: true });
  return (
    <section class="page">
      <header class="page-head">
        <a class="icon-button" href={location.to('/services')} aria-label="All services" title="All services">
          <Icon name="left" />
        </a>
        <h1>
          <ServiceName service={service} />
        </h1>
        <span class="spacer" />
        <a class="button small" href={location.to('/traces', { service })}>
          Traces
        </a>
        <a class="button small" href={location.to('/traces', { service, error: 'true' })}>
          Failed traces
        </a>
        <a class="button small" href={location.to('/logs', { service })}>
          Logs
        </a>
        <a class="button small" href={location.to('/metrics', { service })}>
          Metrics
        </a>
      </header>
      <LoadState of={loaded} what="The service">
        {(response) => {
          const found = response.services.find((one) => one.service === service);
          if (found === undefined) return <NotSeen service={service} />;
          return <ServiceDetails service={found} range={response.range} />;
        }}
      </LoadState>
    </section>
  );
}

function NotSeen({ service }: { service: string }) {
  const { location } = useConsole();
  return (
    <Notice title={`Nothing of ${service} in this time range`}>
      <a class="button" href={location.with({ from: 'now-7d', to: null })}>
        Look at the last 7 days
      </a>
    </Notice>
  );
}

interface DetailsProps {
  service: Service;
  range: ServicesResponse['range'];
}

function ServiceDetails({ service, range }: DetailsProps) {
  const shown = { fromMs: nanoToMs(range.fromUnixNano), toMs: nanoToMs(range.toUnixNano) };
  const charts = useMemo(() => serviceCharts(service.sparkline), [service]);
  return (
    <>
      <div class="facts">
        <Fact name="Rate" title={countOf(service.requests, 'request')}>
          {formatRate(service.requestsPerSecond)}
        </Fact>
        <Fact
          name="Errors"
          bad={service.errors > 0}
          title={`${service.errors} of ${service.requests} failed`}
        >
          {service.requests > 0 ? formatRatio(service.errorRatio) : '–'}
        </Fact>
        <Fact name="p50">{formatMs(service.p50Ms)}</Fact>
        <Fact name="p95">{formatMs(service.p95Ms)}</Fact>
        <Fact name="p99">{formatMs(service.p99Ms)}</Fact>
      </div>
      <div class="chart-row">
        <Chart title="Requests" times={charts.times} series={charts.rate} range={shown} format={formatRate} />
        <Chart
          title="Errors, share of requests"
          times={charts.times}
          series={charts.errors}
          range={shown}
          format={formatRatio}
          floorMax={0.01}
        />
        <Chart title="Latency" times={charts.times} series={charts.latency} range={shown} format={formatMs} />
      </div>
      <OperationsTable service={service} />
    </>
  );
}
