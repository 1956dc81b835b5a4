import type { EngineConfig } from '../engine/config.ts';
import { createEngineExporter, type EngineExporterDeps } from '../engine/engine-exporter.ts';
import type { Exporter } from '../frame/exporter.ts';
import { prepareForLoki } from './prepare.ts';

/** Log records go to Loki, those beyond its limits cut or rearranged so that it takes them; null when `endpoint` is empty. */
export function createLokiExporter(config: EngineConfig, deps: EngineExporterDeps): Exporter | null {
  return createEngineExporter(
    config,
    { name: 'loki', signal: 'logs', prepare: prepareForLoki, isAboutPayload: isStreamLimit },
    deps,
  );
}

/** Loki answers 429 as long as a batch has a line of one stream too many: those are found, and the others pass. */
function isStreamLimit(said: string): boolean {
  return /active stream limit exceeded/i.test(said);
}
