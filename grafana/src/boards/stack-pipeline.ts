import type { Row } from '../blocks/board.ts';
import { tablePanel } from '../blocks/list-panels.ts';
import { timeseriesPanel } from '../blocks/panels.ts';
import { promql } from '../blocks/queries.ts';
import { COLLECTOR, collectorLogLink, collectorTracesLink, ITEM_WORDS, itemsIn } from './collector.ts';

const RATE = '[$__rate_interval]';

/** What senders bring and what is not taken. */
export function pipelineRow(): Row {
  const accepted = timeseriesPanel({
    id: 10,
    title: 'Accepted',
    description: 'Items taken into the journal a second, the own telemetry of Signalbox included.',
    unit: 'cps',
    queries: ITEM_WORDS.map(({ legend, word }) =>
      promql(`sum(rate(otelcol_receiver_accepted_${word}_total{${COLLECTOR}}${RATE}))`, { legend }),
    ),
  });
  const refused = timeseriesPanel({
    id: 11,
    title: 'Not taken',
    description:
      'Items refused (invalid, or the journal was full) or lost to a fault a second. Anything above zero is worth a look at the log.',
    unit: 'cps',
    queries: ITEM_WORDS.map(({ legend, word }) =>
      promql(
        `sum(rate(otelcol_receiver_refused_${word}_total{${COLLECTOR}}${RATE})) + sum(rate(otelcol_receiver_failed_${word}_total{${COLLECTOR}}${RATE}))`,
        { legend },
      ),
    ),
    links: [collectorLogLink()],
  });
  const requests = timeseriesPanel({
    id: 12,
    title: 'Requests of senders',
    description:
      "Requests a second by signal and outcome: success, refused by the sender's or a full journal's fault, failure.",
    unit: 'reqps',
    queries: [
      promql(`sum by (signal, outcome) (rate(otelcol_receiver_requests_total{${COLLECTOR}}${RATE}))`, {
        legend: '{{signal}} {{outcome}}',
      }),
    ],
    links: [collectorTracesLink()],
  });
  return { title: 'Pipeline', bands: [{ height: 8, panels: [accepted, refused, requests] }] };
}

const STATES = [
  { state: 'accepted', title: 'Accepted' },
  { state: 'delivered', title: 'Delivered' },
  { state: 'waiting', title: 'Waiting' },
  { state: 'expired', title: 'Expired' },
  { state: 'refused', title: 'Refused' },
  { state: 'dead_lettered', title: 'Dead-lettered' },
  { state: 'damaged', title: 'Damaged' },
] as const;

/** What became of what was accepted. */
export function accountingRow(): Row {
  const account = tablePanel({
    id: 20,
    title: 'Account of each destination',
    description:
      'Items since the account began: accepted is the sum of the columns right of it. The same figures as page Data of the console.',
    unit: 'short',
    queries: STATES.map(({ state }) =>
      promql(`sum by (exporter, signal) (${itemsIn(state)})`, { table: true }),
    ),
    columns: [
      { field: 'exporter', title: 'Destination' },
      { field: 'signal', title: 'Signal' },
      ...STATES.map(({ title }, index) => ({ field: `Value #${String.fromCharCode(65 + index)}`, title })),
    ],
  });
  const waiting = timeseriesPanel({
    id: 21,
    title: 'Waiting by destination',
    description:
      'Items in the journal that the destination has not taken. A line that only climbs is a destination that is down.',
    unit: 'short',
    decimals: 0,
    queries: [
      promql(`sum by (exporter, signal) (${itemsIn('waiting')})`, { legend: '{{exporter}} {{signal}}' }),
    ],
    links: [collectorLogLink()],
  });
  const behind = timeseriesPanel({
    id: 22,
    title: 'How far behind',
    description:
      'Age of the oldest item that a destination has not taken. Above the age of the journal (journal.max_age_hours) it expires.',
    unit: 's',
    queries: [
      promql(
        `max by (exporter, signal) (signalbox_exporter_oldest_waiting_seconds{${COLLECTOR}, exporter=~"$destination"})`,
        { legend: '{{exporter}} {{signal}}' },
      ),
    ],
    links: [collectorLogLink()],
  });
  return {
    title: 'Accounting',
    bands: [
      { height: 9, panels: [account] },
      { height: 8, panels: [waiting, behind] },
    ],
  };
}
