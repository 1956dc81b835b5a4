import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { createIngestTally, type IngestTally, roundMs } from './ingest-summary.ts';
import type { Logger } from './log-record.ts';
import type { Metrics } from './metrics.ts';
import { createRepeatLimiter } from './repeat-limiter.ts';
import { parseTraceparent } from './traceparent.ts';

/** A finished ingest request, as far as it is counted and logged; receivers give more. */
export interface IngestRequest {
  method: string;
  /** Without the query. */
  path: string;
  signal: Signal | null;
  status: number;
  durationMs: number;
  bodyBytes: number;
  payloadBytes: number;
  items: number;
  rejected: number;
  /** Accepted data points with delta temporality. */
  deltaPoints: number;
  encoding: string | null;
  compression: string | null;
  userAgent: string | null;
  traceparent: string | null;
  remoteAddress: string | null;
  isSelf: boolean;
  reason?: string;
  error?: unknown;
}

export interface IngestObserverConfig {
  /** Word for the labels of metrics, as in `otlp_http`. */
  receiver: string;
  transport: string;
  traceSampleRatio: number;
  summaryIntervalMs: number;
}

export interface IngestObserverDeps {
  logger: Logger;
  metrics: Metrics;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export interface IngestObserver {
  requestFinished(request: IngestRequest): void;
  /** Writes the summaries of the interval that has begun and stops the timer. */
  stop(): void;
}

const WARN_EVERY = 100;
const MAX_REASONS = 256;
const MAX_REASON_CHARS = 300;

/**
 * Counts every ingest request; sums accepted ones up into one line per signal and interval; warns of refused
 * ones and partial successes, the first of each reason and then every hundredth; traces a sample. Requests
 * of the collector itself (`isSelf`) are counted under the receiver `self` and lead to nothing else, so that
 * telemetry about telemetry does not feed itself.
 */
export function createIngestObserver(config: IngestObserverConfig, deps: IngestObserverDeps): IngestObserver {
  const { logger, metrics } = deps;
  const tallies = Object.fromEntries(
    SIGNALS.map((signal) => [signal, createIngestTally(deps.random)]),
  ) as Record<Signal, IngestTally>;
  const limiter = createRepeatLimiter({ every: WARN_EVERY, maxKinds: MAX_REASONS });
  const tracer = trace.getTracer('signalbox');

  function warn(request: IngestRequest): void {
    const admitted = limiter.admit(kindOf(request));
    if (admitted === null) return;
    const message = request.status >= 400 ? 'ingest request refused' : 'ingest request partly refused';
    logger.warn(message, { ...describe(request), ...(admitted.suppressed > 0 ? admitted : {}) });
  }

  function flush(): void {
    for (const signal of SIGNALS) {
      const summary = tallies[signal].take();
      if (summary !== null) logger.info('ingest summary', { signal, receiver: config.receiver, ...summary });
    }
    for (const { kind, suppressed } of limiter.reset()) {
      logger.warn('ingest requests refused, not logged one by one', { kind, suppressed });
    }
  }

  const timer = setInterval(flush, config.summaryIntervalMs);
  timer.unref();

  return {
    requestFinished(request) {
      count(metrics, request.isSelf ? { receiver: 'self', transport: config.transport } : config, request);
      if (request.isSelf) return;
      if (request.status < 400 && request.signal !== null) {
        tallies[request.signal].add({ ...request, bytes: request.bodyBytes });
      }
      if (request.status >= 400 || request.rejected > 0) warn(request);
      if (deps.random() < config.traceSampleRatio) recordSpan(tracer, request);
    },
    stop() {
      clearInterval(timer);
      flush();
    },
  };
}

function count(
  metrics: Metrics,
  labels: { receiver: string; transport: string },
  request: IngestRequest,
): void {
  const { signal, status, items, rejected } = request;
  const { receiver, transport } = labels;
  const isAccepted = status < 400;
  const isFault = request.error !== undefined || status === 500;
  const outcome = isAccepted ? 'success' : isFault ? 'failure' : 'refused';
  metrics.countReceiverRequest({ receiver, signal: signal ?? 'none', outcome });
  if (signal === null) return;
  if (signal === 'metrics') metrics.countDeltaPoints({ receiver, points: request.deltaPoints });
  metrics.countReceiverItems({
    receiver,
    transport,
    signal,
    accepted: isAccepted ? items : 0,
    refused: rejected + (isAccepted || isFault ? 0 : items),
    failed: isFault ? items : 0,
  });
}

/** Reasons with other numbers in them (offsets, counts) are the same reason. */
function kindOf({ method, signal, status, reason }: IngestRequest): string {
  const text = reason?.slice(0, MAX_REASON_CHARS).replace(/\d+/g, 'N') ?? '';
  return `${method} ${signal ?? 'no signal'} ${status} ${text}`.trim();
}

function describe(request: IngestRequest): Record<string, unknown> {
  return {
    method: request.method,
    route: request.path,
    status: request.status,
    durationMs: roundMs(request.durationMs),
    requestBytes: request.bodyBytes,
    payloadBytes: request.payloadBytes,
    items: request.items,
    rejected: request.rejected,
    encoding: request.encoding,
    compression: request.compression,
    userAgent: request.userAgent,
    remoteAddress: request.remoteAddress,
    ...(request.reason === undefined ? {} : { reason: request.reason.slice(0, MAX_REASON_CHARS) }),
    ...(request.error === undefined ? {} : { error: request.error }),
  };
}

/** The span is made after the fact: the request has ended, and only sampled ones cost anything. */
function recordSpan(tracer: Tracer, request: IngestRequest): void {
  const parent = parseTraceparent(request.traceparent);
  const sampledParent = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const endMs = Date.now();
  const span = tracer.startSpan(
    request.signal === null ? request.method : `${request.method} ${request.path}`,
    {
      kind: SpanKind.SERVER,
      startTime: endMs - request.durationMs,
      attributes: {
        'http.request.method': request.method,
        'url.path': request.path,
        ...(request.signal === null ? {} : { 'http.route': request.path }),
        'http.response.status_code': request.status,
        'http.request.body.size': request.bodyBytes,
        'signalbox.items': request.items,
        'signalbox.rejected': request.rejected,
      },
    },
    sampledParent,
  );
  if (request.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: request.reason ?? '' });
  span.end(endMs);
}
