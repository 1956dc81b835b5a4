import { exploreLink } from '../blocks/links.ts';

/** What Prometheus itself scraped from one process of the stack; senders can name a service so, but not without a name. */
export function job(name: string): string {
  return `service_name="", job="${name}"`;
}

/** The collector's own metrics as Prometheus scrapes them. */
export const COLLECTOR = job('collector');

/** One account of a destination and signal, or all of the chosen destinations. */
export function itemsIn(states: string): string {
  return `signalbox_exporter_items{${COLLECTOR}, exporter=~"$destination", state=~"${states}"}`;
}

/** Every process of the stack that Prometheus watches. */
export const JOBS = 'service_name="", job=~"collector|prometheus|loki|tempo|alertmanager|grafana"';

/** What items are called in the names of metrics, and what to call them on a board. */
export const ITEM_WORDS = [
  { word: 'spans', legend: 'spans' },
  { word: 'metric_points', legend: 'metric points' },
  { word: 'log_records', legend: 'log records' },
] as const;

/**
 * The 95th percentile of a duration that an engine measures. Prometheus scrapes what newer programs offer as native
 * histograms and keeps no buckets of those; older ones have only buckets.
 */
export function p95(metric: string, labels: string): string {
  const range = '[$__rate_interval]';
  return `histogram_quantile(0.95, sum(rate(${metric}{${labels}}${range})))
    or histogram_quantile(0.95, sum by (le) (rate(${metric}_bucket{${labels}}${range})))`;
}

/** The collector says in its log why it refused something, and why a destination did. */
export function collectorLogLink() {
  return exploreLink(
    "The collector's warnings",
    'loki',
    '{service_name="signalbox"} | detected_level=~"warn|error"',
  );
}

/** Requests to the collector, as its own traces show them. */
export function collectorTracesLink() {
  return exploreLink("The collector's traces", 'tempo', '{ resource.service.name = "signalbox" }');
}
