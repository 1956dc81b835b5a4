import type { EngineConfig } from '../engine/config.ts';
import { createEngineExporter, type EngineExporterDeps } from '../engine/engine-exporter.ts';
import type { Exporter } from '../frame/exporter.ts';

/** Spans go to Tempo as they came; null when `endpoint` is empty. */
export function createTempoExporter(config: EngineConfig, deps: EngineExporterDeps): Exporter | null {
  return createEngineExporter(config, { name: 'tempo', signal: 'traces' }, deps);
}
