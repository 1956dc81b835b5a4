import type { Row } from '../blocks/board.ts';
import { linkTo } from '../blocks/links.ts';
import { alertListPanel, tablePanel } from '../blocks/list-panels.ts';
import { timeseriesPanel } from '../blocks/panels.ts';
import { promql, pushedPromql } from '../blocks/queries.ts';
import { CHOSEN, errorLogsLink, failedTracesLink, slowTracesLink } from './services.ts';

const COUNT = `http_server_request_duration_seconds_count{${CHOSEN}}`;
const FAILED = `http_server_request_duration_seconds_count{${CHOSEN}, http_response_status_code=~"5.."}`;
const BUCKET = `http_server_request_duration_seconds_bucket{${CHOSEN}}`;
const SOURCE = 'From http.server.request.duration, as the OpenTelemetry SDKs measure it.';

/** Share of failed requests of each service, 0 where there are only good ones. */
function errorRatioBy(label: string, range: string): string {
  const all = `sum by (${label}) (rate(${COUNT}[${range}]))`;
  return `(sum by (${label}) (rate(${FAILED}[${range}])) or 0 * ${all}) / (${all} > 0)`;
}

/** Rate and errors on the left, duration on the right. */
export function homeRequestsRow(): Row {
  const rate = timeseriesPanel({
    id: 10,
    title: 'Request rate',
    description: `Requests each service answers. ${SOURCE}`,
    unit: 'reqps',
    queries: [
      pushedPromql(`sum by (service_name) (rate(${COUNT}[$__rate_interval]))`, {
        legend: '{{service_name}}',
      }),
    ],
    links: [slowTracesLink()],
  });
  const errors = timeseriesPanel({
    id: 11,
    title: 'Error ratio',
    description: `Share of the requests of each service that it answered with 500 and above. ${SOURCE}`,
    unit: 'percentunit',
    queries: [pushedPromql(errorRatioBy('service_name', '$__rate_interval'), { legend: '{{service_name}}' })],
    links: [failedTracesLink(), errorLogsLink()],
  });
  const duration = timeseriesPanel({
    id: 12,
    title: 'Duration, 95th percentile',
    description: `Nineteen of twenty requests took less. Where an SDK sends exemplars, points are single requests: a click opens their trace. ${SOURCE}`,
    unit: 's',
    queries: [
      pushedPromql(
        `histogram_quantile(0.95, sum by (service_name, le) (rate(${BUCKET}[$__rate_interval])))`,
        {
          legend: '{{service_name}}',
          exemplars: true,
        },
      ),
    ],
    links: [slowTracesLink()],
  });
  return { title: 'Requests', bands: [{ height: 9, panels: [rate, errors, duration] }] };
}

/** Which operations are slow or fail, and what sends at all. */
export function homeServicesRow(): Row {
  const by = 'service_name, http_request_method, http_route';
  const operations = tablePanel({
    id: 13,
    title: 'Operations',
    description: `Requests, failures and duration of each route over the time shown, slowest first. ${SOURCE}`,
    unit: 'short',
    queries: [
      pushedPromql(`sum by (${by}) (rate(${COUNT}[$__range])) > 0`, { table: true }),
      pushedPromql(errorRatioBy(by, '$__range'), { table: true }),
      pushedPromql(`histogram_quantile(0.95, sum by (${by}, le) (rate(${BUCKET}[$__range]))) > 0`, {
        table: true,
      }),
    ],
    columns: [
      { field: 'service_name', title: 'Service' },
      { field: 'http_request_method', title: 'Method' },
      { field: 'http_route', title: 'Route' },
      { field: 'Value #A', title: 'Rate', unit: 'reqps' },
      { field: 'Value #B', title: 'Errors', unit: 'percentunit' },
      { field: 'Value #C', title: '95th percentile', unit: 's' },
    ],
    sortBy: '95th percentile',
    links: [linkTo('Service in the console', '${console}/services/${__data.fields.Service}')],
  });
  const services = tablePanel({
    id: 14,
    title: 'What sends',
    description:
      'Instances of each service whose metrics came in during the last five minutes, with version and language of the SDK. From target_info.',
    unit: 'short',
    queries: [
      pushedPromql(
        `count by (service_name, service_version, deployment_environment_name, telemetry_sdk_language) (target_info{${CHOSEN}})`,
        { table: true },
      ),
    ],
    columns: [
      { field: 'service_name', title: 'Service' },
      { field: 'service_version', title: 'Version' },
      { field: 'deployment_environment_name', title: 'Environment' },
      { field: 'telemetry_sdk_language', title: 'Language' },
      { field: 'Value', title: 'Instances', unit: 'short' },
    ],
  });
  return { title: 'Services', bands: [{ height: 9, shares: [3, 2], panels: [operations, services] }] };
}

/** What fires now, and since when something does. */
export function homeAlertsRow(): Row {
  const list = alertListPanel({
    id: 30,
    title: 'Alerts',
    description:
      "Alerts of Prometheus' rules that fire or are about to. Each says what to do: docs/production.md.",
  });
  const history = timeseriesPanel({
    id: 31,
    title: 'Firing alerts over time',
    description:
      'Number of firing alerts of each severity, without the Watchdog. A flat zero is what it should be.',
    unit: 'short',
    decimals: 0,
    queries: [
      promql(
        `count by (severity) (ALERTS{alertstate="firing", alertname!="Watchdog"})
        or label_replace(vector(0), "severity", "no alert", "", "")`,
        { legend: '{{severity}}' },
      ),
    ],
  });
  return { title: 'Alerts', bands: [{ height: 8, panels: [list, history] }] };
}
