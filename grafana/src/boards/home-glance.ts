import type { Row } from '../blocks/board.ts';
import { exploreLink, linkTo } from '../blocks/links.ts';
import { statPanel, textPanel } from '../blocks/panels.ts';
import { logqlMetric, promql, pushedPromql } from '../blocks/queries.ts';
import { job } from './collector.ts';
import { CHOSEN, CHOSEN_SPANS, ERROR_LEVELS } from './services.ts';

const PURPOSE = `
**Is anything wrong, and where do I look next?** From left to right: alerts, errors, then whether data still comes in.
Everything below follows the choice of environment, namespace and service above. A click on a line leads to its traces
or logs.

Next: [Stack](/d/signalbox-stack), whether Signalbox itself is well · the console: [services](\${console}/services),
[traces](\${console}/traces), [logs](\${console}/logs), [where the data is](\${console}/data) · what each alert means and
what to do: \`docs/production.md\`
`;

export function homeGlanceRow(): Row {
  return {
    bands: [
      { height: 4, panels: [textPanel({ id: 1, title: 'What this board is for', markdown: PURPOSE })] },
      { height: 4, panels: [firingAlerts(), errorRatio(), errorLines(), sendingServices()] },
      { height: 4, panels: [newest(6, 'metrics'), newest(7, 'logs'), newest(8, 'traces')] },
    ],
  };
}

function firingAlerts() {
  return statPanel({
    id: 2,
    title: 'Firing alerts',
    description:
      "Alerts of Prometheus' rules that fire now, without the Watchdog, which always does. Green is none, red is one or more: see the list at the end of this board.",
    unit: 'short',
    decimals: 0,
    steps: [{ from: 1, color: 'red' }],
    queries: [
      promql('count(ALERTS{alertstate="firing", alertname!="Watchdog"}) or vector(0)', { legend: 'firing' }),
    ],
    links: [linkTo('All alerts', '/alerting/list?search=state:firing')],
  });
}

function errorRatio() {
  return statPanel({
    id: 3,
    title: 'Requests that fail',
    description:
      'Share of the requests to the chosen services that were answered with a status of 500 and above. Yellow from 1 %, red from 5 %.',
    unit: 'percentunit',
    decimals: 2,
    steps: [
      { from: 0.01, color: 'yellow' },
      { from: 0.05, color: 'red' },
    ],
    queries: [
      pushedPromql(
        `(sum(rate(http_server_request_duration_seconds_count{${CHOSEN}, http_response_status_code=~"5.."}[$__rate_interval])) or vector(0))
        / (sum(rate(http_server_request_duration_seconds_count{${CHOSEN}}[$__rate_interval])) > 0)`,
        { legend: 'errors' },
      ),
    ],
    links: [
      exploreLink(
        'Failed traces',
        'tempo',
        '{ resource.service.name =~ "${service:pipe}" && status = error }',
      ),
    ],
  });
}

function errorLines() {
  return statPanel({
    id: 4,
    title: 'Errors in logs',
    description:
      'Log lines of level error and above in the time shown, of the chosen services. Green is none, yellow is any, red is 100 and more.',
    unit: 'short',
    decimals: 0,
    steps: [
      { from: 1, color: 'yellow' },
      { from: 100, color: 'red' },
    ],
    queries: [
      logqlMetric(`sum(count_over_time({${CHOSEN}} | ${ERROR_LEVELS} [$__range])) or vector(0)`, {
        legend: 'lines',
        instant: true,
      }),
    ],
    links: [exploreLink('Error logs', 'loki', `{service_name=~"\${service:pipe}"} | ${ERROR_LEVELS}`)],
  });
}

function sendingServices() {
  return statPanel({
    id: 5,
    title: 'Services that send',
    description:
      'Chosen services whose metrics came in during the last five minutes. Fewer than usual: one stopped, or lost its way to the collector.',
    unit: 'short',
    decimals: 0,
    queries: [
      pushedPromql(`count(count by (service_name) (target_info{${CHOSEN}})) or vector(0)`, {
        legend: 'services',
      }),
    ],
    links: [exploreLink('Traces', 'tempo', `{ ${CHOSEN_SPANS.replace('$service', '${service:pipe}')} }`)],
  });
}

const ITEMS = { metrics: 'metric_points', logs: 'log_records', traces: 'spans' } as const;

/** How long ago the collector last took data of a signal from an application; looks back an hour. */
function newest(id: number, signal: keyof typeof ITEMS) {
  const received = `otelcol_receiver_accepted_${ITEMS[signal]}_total{${job('collector')}, receiver!="self"}`;
  return statPanel({
    id,
    title: `Latest ${signal} received`,
    description: `How long ago the collector last took ${signal} from an application; an hour means an hour or more. Yellow from two minutes, red from ten: applications stopped sending, or cannot reach the collector.`,
    unit: 's',
    decimals: 0,
    steps: [
      { from: 120, color: 'yellow' },
      { from: 600, color: 'red' },
    ],
    queries: [
      promql(
        `time() - max_over_time((vector(time()) and on () sum(increase(${received}[$__rate_interval])) > 0)[1h:30s])
        or vector(3600)`,
        { legend: signal, instant: true },
      ),
    ],
    links: [linkTo('Where the data is', '/d/signalbox-stack')],
  });
}
