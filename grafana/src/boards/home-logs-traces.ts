import type { Row } from '../blocks/board.ts';
import { exploreLink } from '../blocks/links.ts';
import { logsPanel, tracesPanel } from '../blocks/list-panels.ts';
import { timeseriesPanel } from '../blocks/panels.ts';
import { logqlLines, logqlMetric, traceql } from '../blocks/queries.ts';
import { CHOSEN, CHOSEN_SPANS, ERROR_LEVELS, errorLogsLink } from './services.ts';

const LINES = 100;
const TRACES = 20;

export function homeLogsRow(): Row {
  const volume = timeseriesPanel({
    id: 20,
    title: 'Log volume by level',
    description:
      'Lines of the chosen services. Stacked: the height of a bar is all lines, its parts are the levels as Loki finds them.',
    unit: 'short',
    decimals: 0,
    stackedBars: true,
    queries: [
      logqlMetric(`sum by (detected_level) (count_over_time({${CHOSEN}} [$__auto]))`, {
        legend: '{{detected_level}}',
      }),
    ],
    links: [
      exploreLink(
        'Logs of level ${__field.labels.detected_level}',
        'loki',
        '{service_name=~"${service:pipe}"} | detected_level="${__field.labels.detected_level}"',
      ),
    ],
  });
  const errors = timeseriesPanel({
    id: 21,
    title: 'Error lines by service',
    description:
      'Lines of level error and above. A service that was quiet and now is not is the place to look.',
    unit: 'short',
    decimals: 0,
    queries: [
      logqlMetric(`sum by (service_name) (count_over_time({${CHOSEN}} | ${ERROR_LEVELS} [$__auto]))`, {
        legend: '{{service_name}}',
      }),
    ],
    links: [errorLogsLink()],
  });
  const latest = logsPanel({
    id: 22,
    title: 'Latest error lines',
    description: `The newest ${LINES} lines of level error and above. Open one: its trace is a click away.`,
    query: logqlLines(`{${CHOSEN}} | ${ERROR_LEVELS}`, LINES),
  });
  return {
    title: 'Logs',
    bands: [
      { height: 8, panels: [volume, errors] },
      { height: 9, panels: [latest] },
    ],
  };
}

export function homeTracesRow(): Row {
  const failed = tracesPanel({
    id: 25,
    title: 'Failed traces',
    description: 'Traces in which a span of a chosen service failed, newest first.',
    query: traceql(`{ ${CHOSEN_SPANS} && status = error }`, TRACES),
    sortBy: 'Start time',
    links: [exploreLink('More', 'tempo', '{ resource.service.name =~ "${service:pipe}" && status = error }')],
  });
  const slow = tracesPanel({
    id: 26,
    title: 'Slow traces',
    description:
      'Traces with a span of a chosen service that took longer than "Slower than" above, slowest first.',
    query: traceql(`{ ${CHOSEN_SPANS} && duration > $slow }`, TRACES),
    sortBy: 'Duration',
    links: [
      exploreLink('More', 'tempo', '{ resource.service.name =~ "${service:pipe}" && duration > ${slow} }'),
    ],
  });
  return { title: 'Traces', bands: [{ height: 9, panels: [failed, slow] }] };
}
