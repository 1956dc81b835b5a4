import type { Row } from '../blocks/board.ts';
import { linkTo } from '../blocks/links.ts';
import type { Steps } from '../blocks/panel-spec.ts';
import { statPanel, textPanel } from '../blocks/panels.ts';
import { promql } from '../blocks/queries.ts';
import { COLLECTOR, collectorLogLink, JOBS } from './collector.ts';

const PURPOSE = `
**Is Signalbox itself well?** In the order of the flow: what comes in, what became of it, how it gets to the engines,
the journal it waits in, the engines, their disk, the processes. For every destination and at any time:
accepted = delivered + waiting + expired + refused + dead-lettered + damaged.

Next: [Home](/d/signalbox-home) · [where the data is](\${console}/data) in the console, with commands to send refused items again ·
sizes, limits and what to do about each alert: \`docs/production.md\`
`;

const ANY: Steps = [{ from: 1, color: 'red' }];

export function stackGlanceRow(): Row {
  const silent = statPanel({
    id: 2,
    title: 'Processes that do not answer',
    description:
      'Parts of the stack whose metrics Prometheus cannot read. Green is none, red is one or more: what waits for it stays in the journal.',
    unit: 'short',
    decimals: 0,
    steps: ANY,
    queries: [promql(`count(up{${JOBS}} == 0) or vector(0)`, { legend: 'down' })],
    links: [linkTo('All alerts', '/alerting/list?search=state:firing')],
  });
  const waiting = statPanel({
    id: 5,
    title: 'Waiting',
    description:
      'Items in the journal that some destination has not taken yet. A few are always on their way.',
    unit: 'short',
    decimals: 0,
    queries: [promql(`sum(otelcol_exporter_queue_size{${COLLECTOR}})`, { legend: 'items' })],
    links: [collectorLogLink()],
  });
  const unaccounted = statPanel({
    id: 6,
    title: 'Not accounted for',
    description:
      'Difference between what was accepted and the sum of what became of it. Green is zero, red is anything else: a fault of Signalbox.',
    unit: 'short',
    decimals: 0,
    steps: ANY,
    queries: [
      promql(
        `abs(sum(signalbox_exporter_items{${COLLECTOR}, state="accepted"}) - sum(signalbox_exporter_items{${COLLECTOR}, state!="accepted"}))`,
        { legend: 'items' },
      ),
    ],
    links: [collectorLogLink()],
  });
  return {
    bands: [
      { height: 4, panels: [textPanel({ id: 1, title: 'What this board is for', markdown: PURPOSE })] },
      {
        height: 4,
        panels: [
          silent,
          lostPanel(3, {
            title: 'Lost',
            states: 'expired|damaged',
            description:
              'Items that left the journal before they were delivered, in the time shown: too old, no room, or unreadable. Green is none, red is any.',
          }),
          lostPanel(4, {
            title: 'Refused',
            states: 'refused|dead_lettered',
            description:
              'Items that a destination refused for good, in the time shown. Green is none, red is any: the reason is with the dead letters, and they can be sent again.',
          }),
          waiting,
          unaccounted,
        ],
      },
    ],
  };
}

function lostPanel(
  id: number,
  { title, states, description }: { title: string; states: string; description: string },
) {
  const items = `signalbox_exporter_items{${COLLECTOR}, state=~"${states}"}`;
  return statPanel({
    id,
    title,
    description,
    unit: 'short',
    decimals: 0,
    steps: ANY,
    queries: [
      promql(`sum(${items} - min_over_time(${items}[$__range])) or vector(0)`, {
        legend: 'items',
        instant: true,
      }),
    ],
    links: [collectorLogLink()],
  });
}
