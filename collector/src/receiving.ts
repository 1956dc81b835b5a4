import type { Config } from '#config/schema.ts';
import type { AccountingWarning } from '#core/accounting.ts';
import { systemClock } from '#core/clock.ts';
import type { ProcessorCount } from '#core/processor-count.ts';
import type { Sink } from '#core/sink.ts';
import { createProcessors } from '#processors/processing.ts';
import { createDeltaWatch } from '#receivers/otlp-http/delta-watch.ts';
import { createOtlpHttpReceiver, type OtlpHttpReceiver } from '#receivers/otlp-http/server.ts';
import { createIngestObserver } from '#self/ingest-observer.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';

interface ReceivingDeps {
  sink: Sink;
  logger: Logger;
  metrics: Metrics;
  selfToken: string;
  hashKey: string;
}

export interface Receiving extends OtlpHttpReceiver {
  /** What senders do that may harm their data. */
  warnings(): AccountingWarning[];
  /** What the processors did. */
  processorCounts(): ProcessorCount[];
}

/** The OTLP/HTTP receiver with what counts, logs and traces its requests. */
export function createReceiver(config: Config, deps: ReceivingDeps): Receiving {
  const { log, telemetry } = config.self;
  const { hashKey, logger, metrics, selfToken, sink } = deps;
  const observer = createIngestObserver(
    {
      receiver: 'otlp_http',
      transport: 'http',
      traceSampleRatio: telemetry.enabled ? telemetry.trace_sample_ratio : 0,
      summaryIntervalMs: log.summary_interval_seconds * 1000,
    },
    { logger: logger.child('otlp_http'), metrics, random: Math.random },
  );
  const deltaWatch = createDeltaWatch({
    logger: logger.child('otlp_http'),
    clocks: { wallMs: Date.now, monotonicMs: () => performance.now() },
  });
  // The store keeps delta temporality as it is.
  const isDeltaTrouble = config.exporter_prometheus.endpoint !== '';
  const processors = createProcessors(config, {
    hashKey,
    clock: systemClock,
    monotonicMs: () => performance.now(),
    random: Math.random,
  });
  const receiver = createOtlpHttpReceiver(config.otlp_http, {
    processing: processors,
    sink,
    clock: systemClock,
    observer,
    selfToken,
    noteDelta: isDeltaTrouble ? deltaWatch.note : () => '',
  });
  return {
    start: () => receiver.start(),
    warnings: () => deltaWatch.warnings(),
    processorCounts: () => processors.counts(),
    async stop() {
      await receiver.stop();
      observer.stop();
    },
  };
}
