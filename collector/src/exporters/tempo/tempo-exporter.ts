import { createEngineExporter, type EngineExporterDeps } from '../engine/engine-exporter.ts';
import type { Exporter } from '../frame/exporter.ts';
import type { ExporterTempoConfig } from './config.ts';

/** Spans go to Tempo as they came, and again when it dies before it has written them; null when `endpoint` is empty. */
export function createTempoExporter(config: ExporterTempoConfig, deps: EngineExporterDeps): Exporter | null {
  const confirmAfterMs = config.confirm_after_ms;
  return createEngineExporter(config, { name: 'tempo', signal: 'traces', confirmAfterMs }, deps);
}
