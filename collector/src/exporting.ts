import type { Config } from '#config/schema.ts';
import type { DestinationAccount } from '#core/accounting.ts';
import { SIGNALS } from '#core/signal.ts';
import { createDeadLetters } from '#exporters/dead-letter/dead-letters.ts';
import { createExporterObserver } from '#exporters/exporter-observer.ts';
import type { Exporter } from '#exporters/frame/exporter.ts';
import { createProgressFile } from '#exporters/frame/progress-file.ts';
import { createLokiExporter } from '#exporters/loki/loki-exporter.ts';
import { createOtlpExporter, type OtlpExporterDeps } from '#exporters/otlp/otlp-exporter.ts';
import { createPrometheusExporter } from '#exporters/prometheus/prometheus-exporter.ts';
import { createTempoExporter } from '#exporters/tempo/tempo-exporter.ts';
import { nodeFileSystem } from '#journal/file-system.ts';
import type { Journals } from '#journal/journals.ts';
import { createRecordSource } from '#journal/record-source.ts';
import { asksEngines } from '#query/over-engines/config.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';

/** The destinations of the main thread, by their name; each is null when it is not configured. */
const EXPORTERS: Record<string, (config: Config, deps: OtlpExporterDeps) => Exporter | null> = {
  tempo: (config, deps) => createTempoExporter(config.exporter_tempo, deps),
  loki: (config, deps) => createLokiExporter(config.exporter_loki, deps),
  prometheus: (config, deps) => createPrometheusExporter(config.exporter_prometheus, deps),
  otlp: (config, deps) => createOtlpExporter(config.exporter_otlp, deps),
};

/** Who reads the journals. The store does, unless the engines keep everything: it makes no raw copy then. */
export function destinationsOf(config: Config): string[] {
  const names = ['tempo', 'loki', 'prometheus', 'otlp'] as const;
  const exporters = names.filter((name) => config[`exporter_${name}`].endpoint !== '');
  return asksEngines(config.engines) ? exporters : ['store', ...exporters];
}

export interface Exporting {
  accounts(): DestinationAccount[];
  /** What has not arrived stays in the journals. */
  stop(): Promise<void>;
}

/** Starts every configured exporter of this thread on the journals. Throws OperatorError. */
export async function startExporting(
  config: Config,
  deps: { journals: Journals; metrics: Metrics; logger: Logger; version: string },
): Promise<Exporting> {
  const { journals, logger, metrics, version } = deps;
  const sources = SIGNALS.map((signal) => {
    const { onChange, view } = journals.of(signal);
    return createRecordSource({ signal, fs: nodeFileSystem, view, onChange });
  });
  const exporters = Object.entries(EXPORTERS).flatMap(([destination, create]) => {
    const exporter = create(config, {
      sources,
      version,
      observer: createExporterObserver({ metrics, logger }),
      deadLettersOf: (signal) => createDeadLetters({ dataDir: config.data_dir, destination, signal }),
      keeperOf: (signal) =>
        createProgressFile(
          { dataDir: config.data_dir, destination, signal },
          {
            onUnreadable: (path, reason) =>
              logger.error('a cursor cannot be read; all that the journal has is sent again', {
                path,
                reason,
              }),
          },
        ),
      onConsumed: (signal, sequence) => journals.of(signal).setNeeded(destination, sequence),
    });
    return exporter === null ? [] : [exporter];
  });
  await Promise.all(exporters.map((exporter) => exporter.start()));
  for (const exporter of exporters) {
    for (const signal of SIGNALS) journals.of(signal).setNeeded(exporter.name, exporter.consumed(signal));
  }
  return {
    accounts: () => exporters.flatMap((exporter) => exporter.accounts()),
    async stop() {
      await Promise.all(exporters.map((exporter) => exporter.stop()));
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}
