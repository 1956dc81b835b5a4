import type { RecordSource } from '#core/record.ts';
import { createExporter, type Exporter, type ExporterDeps } from '../frame/exporter.ts';
import type { ExporterOtlpConfig } from './config.ts';
import { createOtlpDestination, type OtlpDestinationDeps } from './otlp-destination.ts';

export type OtlpExporterDeps = Omit<ExporterDeps, 'destination'> & Pick<OtlpDestinationDeps, 'version'>;

/** Brings the configured signals to `endpoint`; null when that is empty. Throws OperatorError when headers are not usable. */
export function createOtlpExporter(config: ExporterOtlpConfig, deps: OtlpExporterDeps): Exporter | null {
  if (config.endpoint === '') return null;
  const { version, ...shared } = deps;
  const isWanted = ({ signal }: RecordSource) => config.signals.includes(signal);
  return createExporter(config, {
    ...shared,
    destination: createOtlpDestination(config, { version, now: Date.now }),
    sources: deps.sources.filter(isWanted),
  });
}
