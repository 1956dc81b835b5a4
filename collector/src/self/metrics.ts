import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AccountingReport } from '#core/accounting.ts';
import type { Signal } from '#core/signal.ts';
import { createAccountMetrics } from './account-metrics.ts';
import { createAlertMetrics } from './alert-metrics.ts';
import type { LogLevel, ThreadName } from './log-record.ts';
import { createSenderMetrics, type SenderCount } from './sender-metrics.ts';
import { measureThread } from './thread-metrics.ts';

/** Boundaries in seconds that the HTTP semantic conventions advise for `http.server.request.duration`. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** The Collector's words for items in metric names. */
const ITEM_WORD: Record<Signal, string> = { traces: 'spans', metrics: 'metric_points', logs: 'log_records' };

/** One metric as prom-client's `getMetricsAsJSON` gives it: plain data, safe to pass between threads. */
export interface MetricJson {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  aggregator: string;
  values: { value: number; labels: Record<string, string | number>; metricName?: string }[];
}

export interface ReceiverItems {
  receiver: string;
  transport: string;
  signal: Signal;
  accepted: number;
  /** Items not taken for a reason the sender or a full queue is answerable for. */
  refused: number;
  /** Items lost to a fault of the collector. */
  failed: number;
}

/** What the parts of one thread count with. Amounts are items, bytes and seconds as named. */
export interface Metrics {
  countReceiverItems(items: ReceiverItems): void;
  countReceiverRequest(request: {
    receiver: string;
    signal: Signal | 'none';
    outcome: 'success' | 'refused' | 'failure';
  }): void;
  /** Accepted data points with delta temporality. */
  countDeltaPoints(counted: { receiver: string; points: number }): void;
  countExporterItems(items: { exporter: string; signal: Signal; sent: number; sendFailed: number }): void;
  /** One request to a destination, whatever came of it. */
  countExporterRequest(request: { exporter: string; signal: Signal; result: string }): void;
  /** Items that a destination got in another form than they came. */
  countAdjustedItems(items: { exporter: string; signal: Signal; trimmed: number; moved: number }): void;
  /** A group of requests was written to a journal and synced. */
  observeJournalCommit(commit: { signal: Signal; seconds: number }): void;
  /** Where the items of destinations are; what each journal holds. */
  setAccounts(report: AccountingReport): void;
  observeHttpRequest(request: {
    method: string;
    route: string;
    status: number;
    durationSeconds: number;
  }): void;
  setStoreBytes(bytes: number): void;
  countStoreExpired(expired: { signal: Signal; reason: string; items: number }): void;
  /** Alerts of one notification. */
  countAlertNotices(counted: { taken: number; late: number; leftOut: number }): void;
  countAlertsRemoved(removed: { age: number; room: number }): void;
  /** What senders did with which API key; read whenever the metrics are. */
  countSenders(read: () => readonly SenderCount[]): void;
  countLogRecord(level: LogLevel): void;
  countLostLogLine(): void;
  countTelemetryFailure(signal: Signal): void;
  /** This thread's metrics as data, for the other thread or the exporter. */
  toJson(): Promise<MetricJson[]>;
  stop(): void;
}

/**
 * The metrics of one thread, in a registry of its own. Names follow the OpenTelemetry Collector's
 * (`otelcol_receiver_*`, `otelcol_exporter_*`), so that dashboards made for it work. Only the main thread
 * carries the metrics of the process (`process_*`, `nodejs_*`, without a prefix), so that merging the two
 * threads counts the process once; each thread has its own `signalbox_thread_*` with a `thread` label.
 */
export function createMetrics(thread: ThreadName): Metrics {
  const registry = new Registry();
  if (thread === 'main') collectDefaultMetrics({ register: registry });
  const threadMetrics = measureThread(registry, thread);
  return {
    ...createReceiverMetrics(registry),
    ...createExporterMetrics(registry),
    ...createServerMetrics(registry),
    ...createAlertMetrics(registry),
    ...createSenderMetrics(registry),
    ...createSelfMetrics(registry),
    toJson: async () => (await registry.getMetricsAsJSON()) as unknown as MetricJson[],
    stop() {
      threadMetrics.stop();
      registry.clear();
    },
  };
}

/**
 * The metrics of all threads as one OpenMetrics text (`contentType` is for the response). Counters and
 * histograms of the same name and labels are added up.
 */
export async function toOpenMetrics(
  threads: readonly MetricJson[][],
): Promise<{ contentType: string; text: string }> {
  const merged = aggregate(threads.map((metrics) => metrics.map(withoutTotal)));
  merged.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  return { contentType: merged.contentType, text: await merged.metrics() };
}

/** In OpenMetrics text prom-client puts `_total` behind the names of merged counters itself. */
function withoutTotal(metric: MetricJson): MetricJson {
  return metric.type === 'counter' ? { ...metric, name: metric.name.replace(/_total$/, '') } : metric;
}

/** The metrics of all threads added up, as data. */
export async function mergeMetrics(threads: readonly MetricJson[][]): Promise<MetricJson[]> {
  const merged = aggregate(threads);
  return (await merged.getMetricsAsJSON()) as unknown as MetricJson[];
}

/** prom-client omits some metrics of the process when it merges; here they come from one thread only. */
function aggregate(threads: readonly MetricJson[][]): Registry {
  const kept = (metric: MetricJson) =>
    metric.aggregator === 'omit' ? { ...metric, aggregator: 'first' } : metric;
  return AggregatorRegistry.aggregate(threads.map((metrics) => metrics.map(kept)));
}

type BySignal<T extends string> = Record<Signal, Counter<T>>;

function countersBySignal<T extends string>(
  registry: Registry,
  describe: (word: string) => { name: string; help: string; labelNames: T[] },
): BySignal<T> {
  const make = (signal: Signal) => new Counter<T>({ ...describe(ITEM_WORD[signal]), registers: [registry] });
  return { traces: make('traces'), metrics: make('metrics'), logs: make('logs') };
}

function createReceiverMetrics(registry: Registry) {
  const itemCounters = (state: string, help: string) =>
    countersBySignal(registry, (word) => ({
      name: `otelcol_receiver_${state}_${word}_total`,
      help: `${word.replace('_', ' ')} ${help}`,
      labelNames: ['receiver', 'transport'],
    }));
  const accepted = itemCounters('accepted', 'taken into the pipeline');
  const refused = itemCounters('refused', 'not taken: invalid, or the pipeline was full');
  const failed = itemCounters('failed', 'lost to an internal fault');
  const requests = new Counter({
    name: 'otelcol_receiver_requests_total',
    help: 'requests by outcome',
    labelNames: ['receiver', 'signal', 'outcome'],
    registers: [registry],
  });
  const deltaPoints = new Counter({
    name: 'signalbox_receiver_delta_points_total',
    help: 'accepted metric points with delta temporality',
    labelNames: ['receiver'],
    registers: [registry],
  });
  return {
    countReceiverItems(items: ReceiverItems) {
      const labels = { receiver: items.receiver, transport: items.transport };
      accepted[items.signal].inc(labels, items.accepted);
      refused[items.signal].inc(labels, items.refused);
      failed[items.signal].inc(labels, items.failed);
    },
    countReceiverRequest: (request: { receiver: string; signal: string; outcome: string }) =>
      requests.inc(request),
    countDeltaPoints: ({ receiver, points }: { receiver: string; points: number }) =>
      deltaPoints.inc({ receiver }, points),
  };
}

function createExporterMetrics(registry: Registry) {
  const itemCounters = (state: string, help: string) =>
    countersBySignal(registry, (word) => ({
      name: `otelcol_exporter_${state}_${word}_total`,
      help: `${word.replace('_', ' ')} ${help}`,
      labelNames: ['exporter'],
    }));
  const sent = itemCounters('sent', 'delivered');
  const sendFailed = itemCounters('send_failed', 'whose delivery failed');
  const requests = new Counter({
    name: 'signalbox_exporter_requests_total',
    help: 'requests to destinations by result',
    labelNames: ['exporter', 'signal', 'result'],
    registers: [registry],
  });
  const adjusted = new Counter({
    name: 'signalbox_exporter_adjusted_items_total',
    help: 'items cut (trimmed) or rearranged (moved) because the destination would have refused them as they came',
    labelNames: ['exporter', 'signal', 'action'],
    registers: [registry],
  });
  return {
    countExporterItems(items: { exporter: string; signal: Signal; sent: number; sendFailed: number }) {
      sent[items.signal].inc({ exporter: items.exporter }, items.sent);
      sendFailed[items.signal].inc({ exporter: items.exporter }, items.sendFailed);
    },
    countExporterRequest: (request: { exporter: string; signal: Signal; result: string }) =>
      requests.inc(request),
    countAdjustedItems({
      exporter,
      moved,
      signal,
      trimmed,
    }: {
      exporter: string;
      signal: Signal;
      trimmed: number;
      moved: number;
    }) {
      if (trimmed > 0) adjusted.inc({ exporter, signal, action: 'trimmed' }, trimmed);
      if (moved > 0) adjusted.inc({ exporter, signal, action: 'moved' }, moved);
    },
    ...createAccountMetrics(registry),
  };
}

function createServerMetrics(registry: Registry) {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'duration of API requests',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  const storeBytes = new Gauge({
    name: 'signalbox_store_bytes',
    help: 'bytes of the store on disk',
    registers: [registry],
  });
  const expired = new Counter({
    name: 'signalbox_store_expired_items_total',
    help: 'items deleted by age or size limits',
    labelNames: ['signal', 'reason'],
    registers: [registry],
  });
  return {
    observeHttpRequest: (request: {
      method: string;
      route: string;
      status: number;
      durationSeconds: number;
    }) =>
      duration.observe(
        { method: request.method, route: request.route, status: request.status },
        request.durationSeconds,
      ),
    setStoreBytes: (bytes: number) => storeBytes.set(bytes),
    countStoreExpired: ({ signal, reason, items }: { signal: Signal; reason: string; items: number }) =>
      expired.inc({ signal, reason }, items),
  };
}

function createSelfMetrics(registry: Registry) {
  const records = new Counter({
    name: 'signalbox_log_records_total',
    help: "lines of the collector's own log",
    labelNames: ['level'],
    registers: [registry],
  });
  const lostLines = new Counter({
    name: 'signalbox_log_lost_lines_total',
    help: 'log lines that did not get into the file',
    registers: [registry],
  });
  const failures = new Counter({
    name: 'signalbox_telemetry_failed_exports_total',
    help: 'failures to send own telemetry',
    labelNames: ['signal'],
    registers: [registry],
  });
  return {
    countLogRecord: (level: LogLevel) => records.inc({ level }),
    countLostLogLine: () => lostLines.inc(),
    countTelemetryFailure: (signal: Signal) => failures.inc({ signal }),
  };
}
