import { systemClock } from '#core/clock.ts';
import type { TelemetryConfig } from '#self/config.ts';
import type { RootLogger } from '#self/logger.ts';
import { type Metrics, mergeMetrics } from '#self/metrics.ts';
import { type MetricsExporter, startMetricsExporter } from '#self/metrics-exporter.ts';
import type { SelfTarget } from '#self/self-target.ts';
import type { Tracing } from '#self/tracing.ts';
import type { BackOfficeLink } from './back-office/link.ts';

export interface OwnTelemetryDeps {
  target: SelfTarget;
  logger: RootLogger;
  metrics: Metrics;
  backOffice: BackOfficeLink;
  startedUnixNano: bigint;
}

/** The SDK takes longer to load than the rest, so it comes when everything else is up. */
const LOAD_DELAY_MS = 1000;

/** Sends the process's own traces, logs and metrics through its own receiver. */
export function startOwnTelemetry(
  config: TelemetryConfig,
  deps: OwnTelemetryDeps,
): { stop(): Promise<void> } {
  if (!config.enabled) return { stop: async () => {} };
  const { backOffice, logger, metrics, startedUnixNano, target } = deps;
  let tracing: Promise<Tracing> | null = null;
  let exporter: MetricsExporter | null = null;
  const load = async (): Promise<Tracing> => {
    const { startTracing } = await import('#self/tracing.ts');
    const onFailedExport = metrics.countTelemetryFailure;
    return startTracing({ target, thread: 'main', logSource: logger, onFailedExport });
  };
  const timer = setTimeout(() => {
    tracing = load();
    tracing.catch((error: Error) => logger.error('own telemetry cannot start', { error }));
    exporter = startMetricsExporter(config.metrics_interval_seconds * 1000, {
      target,
      clock: systemClock,
      startUnixNano: startedUnixNano,
      read: async () => mergeMetrics([await metrics.toJson(), await backOffice.collectMetrics()]),
      onFailedExport: () => metrics.countTelemetryFailure('metrics'),
    });
  }, LOAD_DELAY_MS);
  return {
    async stop() {
      clearTimeout(timer);
      await Promise.allSettled([exporter?.stop(), tracing?.then((loaded) => loaded.stop())]);
    },
  };
}
