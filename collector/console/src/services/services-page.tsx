import type { Service, ServicesResponse } from '#api/schemas/services.ts';
import { useApi } from '../fetch/use-api.ts';
import { formatAge, formatMs } from '../format/duration.ts';
import { countOf, formatCount, formatRate, formatRatio } from '../format/number.ts';
import { exactTime, nanoToMs } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { hrefOf } from '../url/query.ts';
import { servicePath } from '../url/route.ts';
import { useWaiting } from '../welcome/use-waiting.ts';
import { Welcome } from '../welcome/welcome.tsx';
import { LoadState } from '../widgets/load-state.tsx';
import { Notice } from '../widgets/notice.tsx';
import { ServiceName } from '../widgets/service-name.tsx';
import { readSort, sortRows } from '../widgets/sort.ts';
import { SortHeader } from '../widgets/sort-header.tsx';
import { Sparkline } from '../widgets/sparkline.tsx';

const DEFAULT_SORT = '-requests';

/** All services with their rate, errors and latency; until the first telemetry of an app, how to send some. */
export function ServicesPage() {
  const { location } = useConsole();
  const own = location.params.value.get('own') === '1';
  const waiting = useWaiting();
  if (waiting.status !== undefined && waiting.nothingYet && !own) return <Welcome status={waiting.status} />;
  return <ServiceTable />;
}

function ServiceTable() {
  const { range } = useConsole();
  const query = new URLSearchParams({ ...range.value, points: '60' });
  const services = useApi<ServicesResponse>(hrefOf('/api/v1/services', query), { live: true });
  return (
    <section class="page">
      <header class="page-head">
        <h1>Services</h1>
        {services.data !== undefined && <Shown response={services.data} />}
      </header>
      <LoadState of={services} what="Services">
        {({ services: rows }) => (rows.length === 0 ? <NoServices /> : <Rows services={rows} />)}
      </LoadState>
    </section>
  );
}

function Shown({ response }: { response: ServicesResponse }) {
  const shown = response.services.length;
  return (
    <span class="muted">
      {shown < response.servicesTotal
        ? `showing ${shown} of ${formatCount(response.servicesTotal)}, those with most requests`
        : countOf(shown, 'service')}
    </span>
  );
}

function NoServices() {
  const { location } = useConsole();
  return (
    <Notice
      title="No services in this time range"
      detail="Services appear as soon as something of them arrives."
    >
      <a class="button" href={location.with({ from: 'now-7d', to: null })}>
        Look at the last 7 days
      </a>
      <a class="button" href={location.to('/send')}>
        How to send data
      </a>
    </Notice>
  );
}

function sortValue(service: Service, column: string): string | number | null {
  switch (column) {
    case 'service':
      return service.service;
    case 'errors':
      return service.errorRatio;
    case 'p50':
      return service.p50Ms;
    case 'p95':
      return service.p95Ms;
    case 'p99':
      return service.p99Ms;
    case 'seen':
      return service.lastSeenUnixNano === null ? null : nanoToMs(service.lastSeenUnixNano);
    default:
      return service.requests;
  }
}

function Rows({ services }: { services: readonly Service[] }) {
  const { location } = useConsole();
  const sort = readSort(location.params.value.get('sort') ?? DEFAULT_SORT);
  const rows = sortRows(services, sort, (service) => sortValue(service, sort.column));
  const head = { fallback: DEFAULT_SORT, numeric: true };
  return (
    <table class="table services-table">
      <thead>
        <tr>
          <SortHeader column="service" label="Service" fallback={DEFAULT_SORT} />
          <th scope="col" class="spark-head">
            Requests, errors
          </th>
          <SortHeader column="requests" label="Rate" {...head} />
          <SortHeader column="errors" label="Errors" {...head} />
          <SortHeader column="p50" label="p50" minor {...head} />
          <SortHeader column="p95" label="p95" {...head} />
          <SortHeader column="p99" label="p99" minor {...head} />
          <SortHeader column="seen" label="Last seen" minor {...head} />
        </tr>
      </thead>
      <tbody>
        {rows.map((service) => (
          <Row key={service.service} service={service} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ service }: { service: Service }) {
  const { location } = useConsole();
  const { errors, requests, sparkline } = service;
  const has = requests > 0;
  return (
    <tr data-row data-testid="service-row" data-service={service.service}>
      <td>
        <a data-row-link href={location.to(servicePath(service.service))}>
          <ServiceName service={service.service} />
        </a>
      </td>
      <td>
        <Sparkline requests={sparkline.requests} errors={sparkline.errors} />
      </td>
      <td class="numeric" title={counted(service)}>
        {has ? formatRate(service.requestsPerSecond) : <span class="muted">no requests</span>}
      </td>
      <td class={`numeric ${errors > 0 ? 'is-bad' : ''}`} title={`${errors} of ${requests} failed`}>
        {has ? `${errors > 0 ? '▲ ' : ''}${formatRatio(service.errorRatio)}` : '–'}
      </td>
      <td class="numeric minor">{formatMs(service.p50Ms)}</td>
      <td class="numeric">{formatMs(service.p95Ms)}</td>
      <td class="numeric minor">{formatMs(service.p99Ms)}</td>
      <LastSeen unixNano={service.lastSeenUnixNano} />
    </tr>
  );
}

function LastSeen({ unixNano }: { unixNano: string | null }) {
  const { zone } = useConsole();
  if (unixNano === null) return <td class="numeric minor muted">–</td>;
  return (
    <td class="numeric minor muted" title={exactTime(unixNano, zone.value)}>
      {formatAge(Date.now() - nanoToMs(unixNano))}
    </td>
  );
}

function counted({ requests, spans }: Service): string {
  const words = countOf(requests, 'request');
  return spans === null ? words : `${words}, ${countOf(spans, 'span')}`;
}
