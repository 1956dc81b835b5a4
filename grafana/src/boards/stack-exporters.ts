import type { Row } from '../blocks/board.ts';
import { timeseriesPanel } from '../blocks/panels.ts';
import { promql } from '../blocks/queries.ts';
import { COLLECTOR, collectorLogLink, collectorTracesLink, ITEM_WORDS } from './collector.ts';

const CHOSEN = `${COLLECTOR}, exporter=~"$destination"`;
const RATE = '[$__rate_interval]';

/** What goes out to each destination, and with what result. */
export function exportersRow(): Row {
  const requests = timeseriesPanel({
    id: 30,
    title: 'Requests to destinations',
    description: 'Requests a second by result, whatever came of it. Retries are counted again.',
    unit: 'reqps',
    queries: [
      promql(`sum by (exporter, result) (rate(signalbox_exporter_requests_total{${CHOSEN}}${RATE}))`, {
        legend: '{{exporter}} {{result}}',
      }),
    ],
    links: [collectorLogLink()],
  });
  const sent = timeseriesPanel({
    id: 31,
    title: 'Delivered',
    description: 'Items a second that each destination took.',
    unit: 'cps',
    queries: ITEM_WORDS.map(({ legend, word }) =>
      promql(`sum by (exporter) (rate(otelcol_exporter_sent_${word}_total{${CHOSEN}}${RATE}))`, {
        legend: `{{exporter}} ${legend}`,
      }),
    ),
  });
  const failed = timeseriesPanel({
    id: 32,
    title: 'Send failures',
    description:
      'Items a second whose delivery failed; they are sent again until the journal expires. Zero when all is well.',
    unit: 'cps',
    queries: ITEM_WORDS.map(({ legend, word }) =>
      promql(`sum by (exporter) (rate(otelcol_exporter_send_failed_${word}_total{${CHOSEN}}${RATE}))`, {
        legend: `{{exporter}} ${legend}`,
      }),
    ),
    links: [collectorLogLink()],
  });
  const adjusted = timeseriesPanel({
    id: 33,
    title: 'Trimmed or moved',
    description:
      'Items a second that a destination got in another form than they came, because it would have refused them: cut (trimmed) or rearranged (moved). Each carries a mark.',
    unit: 'cps',
    queries: [
      promql(
        `sum by (exporter, action) (rate(signalbox_exporter_adjusted_items_total{${CHOSEN}}${RATE}))
        or label_replace(vector(0), "action", "none", "", "")`,
        { legend: '{{exporter}} {{action}}' },
      ),
    ],
    links: [collectorLogLink()],
  });
  return {
    title: 'Exporters',
    bands: [
      { height: 8, panels: [requests, sent] },
      { height: 8, panels: [failed, adjusted] },
    ],
  };
}

/** Where items wait. */
export function journalRow(): Row {
  const bytes = timeseriesPanel({
    id: 35,
    title: 'Journal size',
    description: 'Bytes on disk of each journal. What every destination took goes with its segment.',
    unit: 'bytes',
    queries: [promql(`sum by (signal) (signalbox_journal_bytes{${COLLECTOR}})`, { legend: '{{signal}}' })],
    links: [collectorLogLink()],
  });
  const used = timeseriesPanel({
    id: 36,
    title: 'Journal used',
    description:
      'Share of the room each journal may take (journal.max_bytes). At 100 % the oldest goes, delivered or not.',
    unit: 'percentunit',
    max: 1,
    queries: [
      promql(
        `sum by (signal) (signalbox_journal_bytes{${COLLECTOR}}) / sum by (signal) (signalbox_journal_max_bytes{${COLLECTOR}})`,
        { legend: '{{signal}}' },
      ),
    ],
    links: [collectorLogLink()],
  });
  const commit = timeseriesPanel({
    id: 37,
    title: 'Commit latency',
    description:
      'Time to write a group of requests and sync it to disk, 95th percentile: senders wait that long for their 200.',
    unit: 's',
    queries: [
      promql(
        `histogram_quantile(0.95, sum by (signal, le) (rate(signalbox_journal_commit_duration_seconds_bucket{${COLLECTOR}}${RATE})))`,
        { legend: '{{signal}} p95', exemplars: true },
      ),
    ],
    links: [collectorLogLink(), collectorTracesLink()],
  });
  return { title: 'Journal', bands: [{ height: 8, panels: [bytes, used, commit] }] };
}
