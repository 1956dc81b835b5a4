import type { Row } from '../blocks/board.ts';
import { timeseriesPanel } from '../blocks/panels.ts';
import { promql } from '../blocks/queries.ts';
import { COLLECTOR, collectorLogLink, JOBS, job, p95 } from './collector.ts';

const RATE = '[$__rate_interval]';
const PROMETHEUS = job('prometheus');
const LOKI = job('loki');
const TEMPO = job('tempo');

/** Whether the engines answer and what they take. */
export function enginesRow(): Row {
  const up = timeseriesPanel({
    id: 40,
    title: 'Answers',
    description: '1 while Prometheus can read the metrics of a process, 0 while it cannot.',
    unit: 'short',
    decimals: 0,
    max: 1,
    queries: [promql(`min by (job) (up{${JOBS}})`, { legend: '{{job}}' })],
  });
  const ingestion = timeseriesPanel({
    id: 41,
    title: 'Taken in by the engines',
    description:
      'What each engine counts as received: samples of Prometheus (scraped ones too), lines of Loki, spans of Tempo. It follows Delivered above.',
    unit: 'cps',
    queries: [
      promql(`sum(rate(prometheus_tsdb_head_samples_appended_total{${PROMETHEUS}}${RATE}))`, {
        legend: 'samples',
      }),
      promql(`sum(rate(loki_distributor_lines_received_total{${LOKI}}${RATE}))`, {
        legend: 'lines',
      }),
      promql(`sum(rate(tempo_distributor_spans_received_total{${TEMPO}}${RATE}))`, {
        legend: 'spans',
      }),
    ],
  });
  const series = timeseriesPanel({
    id: 42,
    title: 'Series and streams in memory',
    description:
      'Series in the head of Prometheus and streams in memory of Loki: what their memory grows with. A jump is a label or attribute with too many values.',
    unit: 'short',
    decimals: 0,
    queries: [
      promql(`sum(prometheus_tsdb_head_series{${PROMETHEUS}})`, {
        legend: 'series of Prometheus',
      }),
      promql(`sum(loki_ingester_memory_streams{${LOKI}})`, { legend: 'streams of Loki' }),
    ],
  });
  const answers = timeseriesPanel({
    id: 43,
    title: 'Duration of queries, 95th percentile',
    description:
      'How long the engines take to answer GET and POST of the console, Grafana and rules; pushes are left out.',
    unit: 's',
    queries: [
      promql(
        p95('prometheus_http_request_duration_seconds', `${PROMETHEUS}, handler=~"/api/v1/query(_range)?"`),
        { legend: 'Prometheus', exemplars: true },
      ),
      promql(p95('loki_request_duration_seconds', `${LOKI}, route=~"loki_api_v1_.*"`), {
        legend: 'Loki',
        exemplars: true,
      }),
      promql(
        p95('tempo_request_duration_seconds', `${TEMPO}, route=~"api_.*|/tempopb.StreamingQuerier/.*"`),
        {
          legend: 'Tempo',
          exemplars: true,
        },
      ),
    ],
    links: [collectorLogLink()],
  });
  return {
    title: 'Engines',
    bands: [
      { height: 8, panels: [up, ingestion] },
      { height: 8, panels: [series, answers] },
    ],
  };
}

const NONE = 'label_replace(vector(0), "reason", "none", "", "")';

/** What the engines drop: all of it zero when all is well. */
export function refusalsRow(): Row {
  const loki = timeseriesPanel({
    id: 50,
    title: 'Lines that Loki discards',
    description:
      'By reason. rate_limited is sent again by the collector; everything else is lost unless it is a dead letter.',
    unit: 'cps',
    queries: [
      promql(`sum by (reason) (rate(loki_discarded_samples_total{${LOKI}}${RATE})) or ${NONE}`, {
        legend: '{{reason}}',
      }),
    ],
    links: [collectorLogLink()],
  });
  const tempo = timeseriesPanel({
    id: 51,
    title: 'Spans that Tempo discards',
    description: 'By reason. Tempo answers 200 all the same, so this is the only place that tells.',
    unit: 'cps',
    queries: [
      promql(`sum by (reason) (rate(tempo_discarded_spans_total{${TEMPO}}${RATE})) or ${NONE}`, {
        legend: '{{reason}}',
      }),
    ],
    links: [collectorLogLink()],
  });
  return {
    title: 'What the engines drop',
    bands: [
      { height: 8, panels: [loki, tempo] },
      { height: 8, panels: [droppedSamples(), deltaPoints(), lostAlerts()] },
    ],
  };
}

function droppedSamples() {
  return timeseriesPanel({
    id: 52,
    title: 'Samples that Prometheus drops',
    description:
      'Samples a second that are older than the out-of-order window, or twice at one time, and warnings about what OTLP translation could not keep.',
    unit: 'cps',
    queries: [
      promql(`sum(rate(prometheus_tsdb_too_old_samples_total{${PROMETHEUS}}${RATE}))`, {
        legend: 'too old',
      }),
      promql(`sum(rate(prometheus_target_scrapes_sample_duplicate_timestamp_total{${PROMETHEUS}}${RATE}))`, {
        legend: 'twice at one time',
      }),
      promql(`sum(rate(prometheus_api_otlp_translation_warnings_total{${PROMETHEUS}}${RATE})) or vector(0)`, {
        legend: 'translation warnings',
      }),
    ],
    links: [collectorLogLink()],
  });
}

function deltaPoints() {
  return timeseriesPanel({
    id: 53,
    title: 'Delta metrics',
    description:
      'Points with delta temporality a second. Prometheus adds them up in memory and starts again at its restart: better have the SDK send cumulative ones.',
    unit: 'cps',
    queries: [
      promql(`sum(rate(signalbox_receiver_delta_points_total{${COLLECTOR}}${RATE})) or vector(0)`, {
        legend: 'points',
      }),
    ],
    links: [collectorLogLink()],
  });
}

function lostAlerts() {
  return timeseriesPanel({
    id: 54,
    title: 'Alerts that get lost',
    description:
      'Rules that Prometheus could not evaluate, alerts it could not hand to Alertmanager, notifications that Alertmanager could not send, a second.',
    unit: 'cps',
    queries: [
      promql(`sum(rate(prometheus_rule_evaluation_failures_total{${PROMETHEUS}}${RATE}))`, {
        legend: 'rules failed',
      }),
      promql(`sum(rate(prometheus_notifications_dropped_total{${PROMETHEUS}}${RATE}))`, {
        legend: 'alerts dropped',
      }),
      promql(`sum(rate(alertmanager_notifications_failed_total{${job('alertmanager')}}${RATE}))`, {
        legend: 'notifications failed',
      }),
    ],
    links: [collectorLogLink()],
  });
}
