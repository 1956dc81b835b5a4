import { Agent } from 'node:http';
import {
  type Attributes,
  context as contextApi,
  type DiagLogger,
  DiagLogLevel,
  diag,
  logs,
  type Logger as OtelLogger,
  ROOT_CONTEXT,
  SeverityNumber,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { Signal } from '#core/signal.ts';
import type { LogLevel, LogRecord, ThreadName } from './log-record.ts';
import { type SelfTarget, selfHeaders, selfUrl } from './self-target.ts';

export interface TracingDeps {
  target: SelfTarget;
  thread: ThreadName;
  /** The log whose records are sent as telemetry; only the main thread passes it, it has all records. */
  logSource?: { attach(listener: (record: LogRecord) => void): () => void };
  /** Counts exports that failed; never logged, as the log is among what is exported. */
  onFailedExport(signal: Signal): void;
}

export interface Tracing {
  /** Sends what is waiting, for at most a second, and ends. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 1000;
const EXPORT_TIMEOUT_MS = 5000;
const SEVERITY: Record<LogLevel, SeverityNumber> = {
  error: SeverityNumber.ERROR,
  warn: SeverityNumber.WARN,
  info: SeverityNumber.INFO,
  debug: SeverityNumber.DEBUG,
};

/**
 * Sends spans and log records of this process to its own receiver. Load this file by a dynamic import once
 * the process is up: the SDK takes longer to load than the rest. Nothing is instrumented automatically, so
 * an export makes neither spans nor logs. Every setting that `OTEL_*` variables could change is given here,
 * so telemetry cannot be led elsewhere by the environment.
 */
export function startTracing({ target, thread, logSource, onFailedExport }: TracingDeps): Tracing {
  const spanProcessor = new BatchSpanProcessor({
    exporter: countFailures(new OTLPTraceExporter(exporterOptions(target, 'traces')), () =>
      onFailedExport('traces'),
    ),
    ...batchOptions,
  });
  const logProcessor = new BatchLogRecordProcessor({
    exporter: countFailures(new OTLPLogExporter(exporterOptions(target, 'logs')), () =>
      onFailedExport('logs'),
    ),
    ...batchOptions,
  });
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource: defaultResource().merge(
      resourceFromAttributes({ ...target.resource, 'signalbox.thread': thread }),
    ),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [spanProcessor],
    logRecordProcessors: logSource === undefined ? [] : [logProcessor],
    metricReaders: [],
    instrumentations: [],
    textMapPropagator: null,
  });
  diag.setLogger(SILENT, { logLevel: DiagLogLevel.NONE, suppressOverrideMessage: true });
  sdk.start();
  const detach = logSource?.attach(createBridge(logs.getLogger('signalbox')));

  return {
    async stop() {
      detach?.();
      await settleWithin(sdk.shutdown(), STOP_TIMEOUT_MS);
      trace.disable();
      logs.disable();
      contextApi.disable();
    },
  };
}

const batchOptions = {
  maxQueueSize: 4096,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 2000,
  exportTimeoutMillis: EXPORT_TIMEOUT_MS,
};

function exporterOptions(target: SelfTarget, signal: Signal) {
  return {
    url: selfUrl(target, signal),
    headers: selfHeaders(target),
    timeoutMillis: EXPORT_TIMEOUT_MS,
    compression: 'none' as never,
    concurrencyLimit: 2,
    httpAgentOptions: () => new Agent({ keepAlive: true, maxSockets: 2 }),
  };
}

interface Exporter<T> {
  export(items: T, done: (result: { code: number }) => void): void;
}

/** The SDK reports failures to its diagnostic log only, which is silent here. */
function countFailures<T, E extends Exporter<T>>(exporter: E & Exporter<T>, onFailure: () => void): E {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      if (result.code !== 0) onFailure();
      done(result);
    });
  return exporter;
}

function createBridge(logger: OtelLogger): (record: LogRecord) => void {
  return ({ timestamp, level, message, traceId, spanId, ...attributes }) => {
    // What exporters say can be about own telemetry, which must not lead to more of it.
    if (attributes.component === 'exporter') return;
    const isInSpan = typeof traceId === 'string' && typeof spanId === 'string';
    logger.emit({
      timestamp: Date.parse(timestamp),
      severityNumber: SEVERITY[level],
      severityText: level.toUpperCase(),
      body: message,
      attributes: attributes as Attributes,
      context: isInSpan
        ? trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED })
        : ROOT_CONTEXT,
    });
  };
}

function settleWithin(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}

const SILENT: DiagLogger = { error() {}, warn() {}, info() {}, debug() {}, verbose() {} };
