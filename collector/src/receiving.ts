import type { Config } from '#config/schema.ts';
import type { AccountingWarning } from '#core/accounting.ts';
import { systemClock } from '#core/clock.ts';
import type { Gate } from '#core/gate.ts';
import type { ProcessorCount } from '#core/processor-count.ts';
import type { Sink } from '#core/sink.ts';
import { openTls, type Tls } from '#listen/tls.ts';
import { createProcessors } from '#processors/processing.ts';
import { createBodyBudget } from '#receivers/otlp/body-budget.ts';
import { createDeltaWatch } from '#receivers/otlp/delta-watch.ts';
import type { IngestDeps } from '#receivers/otlp/ingest.ts';
import { createOtlpGrpcReceiver } from '#receivers/otlp-grpc/server.ts';
import { createOtlpHttpReceiver } from '#receivers/otlp-http/server.ts';
import { createIngestObserver, type IngestObserver } from '#self/ingest-observer.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';

interface ReceivingDeps {
  sink: Sink;
  gate: Gate;
  logger: Logger;
  metrics: Metrics;
  selfToken: string;
  hashKey: string;
}

export interface Receiving {
  /** Listens. `selfUrl` is for own telemetry. Throws an OperatorError when an address cannot be had. */
  start(): Promise<{ otlpHttpUrl: string; otlpGrpcUrl: string; selfUrl: string }>;
  /** Takes no more requests, lets those in flight end for some seconds, then closes. Twice is harmless. */
  stop(): Promise<void>;
  /** What senders do that may harm their data. */
  warnings(): AccountingWarning[];
  /** What the processors did. */
  processorCounts(): ProcessorCount[];
}

/** Own telemetry passes by the gate, so nobody else gets in. */
const SELF_ONLY: Gate = {
  admit: () => ({ kind: 'unauthenticated', message: 'this port is for own telemetry alone' }),
  charge() {},
};

const monotonicMs = () => performance.now();

/** The receivers of OTLP over HTTP and gRPC, with what counts, logs and traces their requests. */
export function createReceiver(config: Config, deps: ReceivingDeps): Receiving {
  const { hashKey, logger, sink } = deps;
  const deltaWatch = createDeltaWatch({
    logger: logger.child('receivers'),
    clocks: { wallMs: Date.now, monotonicMs },
  });
  // The store keeps delta temporality as it is.
  const isDeltaTrouble = config.exporter_prometheus.endpoint !== '';
  const processors = createProcessors(config, {
    hashKey,
    clock: systemClock,
    monotonicMs,
    random: Math.random,
  });
  const shared: IngestDeps = {
    sink,
    clock: systemClock,
    budget: createBodyBudget(config.otlp_http.max_concurrent_body_bytes, monotonicMs),
    processing: processors,
    noteDelta: isDeltaTrouble
      ? (service, points) => deltaWatch.note(processors.shownName(service), points)
      : () => '',
  };
  const receivers = createReceivers(config, shared, deps);
  return {
    async start() {
      const { url: otlpGrpcUrl } = await receivers.grpc.start();
      const { url: otlpHttpUrl } = await receivers.http.start();
      const { url: selfUrl } = (await receivers.self?.start()) ?? { url: otlpHttpUrl };
      return { otlpHttpUrl, otlpGrpcUrl, selfUrl };
    },
    warnings: () => deltaWatch.warnings(),
    processorCounts: () => processors.counts(),
    stop: receivers.stop,
  };
}

/** `self`: where own telemetry goes when 4318 speaks TLS, for which it has neither CA nor certificate; null otherwise. */
function createReceivers(config: Config, shared: IngestDeps, deps: ReceivingDeps) {
  const { gate, logger, selfToken } = deps;
  const tls = {
    http: openReceiverTls(config, 'otlp_http', logger),
    grpc: openReceiverTls(config, 'otlp_grpc', logger),
  };
  const observers = {
    http: createObserver(config, 'http', deps),
    grpc: createObserver(config, 'grpc', deps),
  };
  const forHttp = { ...shared, selfToken, observer: observers.http };
  const http = createOtlpHttpReceiver(config.otlp_http, { ...forHttp, gate, tls: tls.http });
  const forGrpc = { ...shared, gate, observer: observers.grpc };
  const grpc = createOtlpGrpcReceiver(config.otlp_grpc, { ...forGrpc, tls: tls.grpc });
  const here = { ...config.otlp_http, host: '127.0.0.1', port: 0 };
  const self =
    tls.http === null ? null : createOtlpHttpReceiver(here, { ...forHttp, gate: SELF_ONLY, tls: null });
  return {
    http,
    grpc,
    self,
    async stop() {
      await Promise.all([http.stop(), grpc.stop(), self?.stop()]);
      for (const observer of Object.values(observers)) observer.stop();
      for (const certificates of Object.values(tls)) certificates?.close();
    },
  };
}

function createObserver(
  { self: { log, telemetry } }: Config,
  transport: 'http' | 'grpc',
  { logger, metrics }: ReceivingDeps,
): IngestObserver {
  const receiver = `otlp_${transport}`;
  return createIngestObserver(
    {
      receiver,
      transport,
      traceSampleRatio: telemetry.enabled ? telemetry.trace_sample_ratio : 0,
      summaryIntervalMs: log.summary_interval_seconds * 1000,
    },
    { logger: logger.child(receiver), metrics, random: Math.random },
  );
}

function openReceiverTls(config: Config, section: 'otlp_http' | 'otlp_grpc', logger: Logger): Tls | null {
  const log = logger.child(section);
  return openTls(config[section].tls, {
    section,
    clock: systemClock,
    onReloaded: (certificate) => log.info('new TLS certificate in use', { ...certificate }),
    onFailed: (reason) => log.error('changed TLS files cannot be used, the ones before stay', { reason }),
    onWarning: (reason) => log.warn('TLS certificate is not valid now', { reason }),
  });
}
