import type { EngineConfig } from '../engine/config.ts';
import { createEngineExporter, type EngineExporterDeps } from '../engine/engine-exporter.ts';
import type { Exporter } from '../frame/exporter.ts';
import { isUntranslatable } from './untranslatable.ts';

/**
 * Data points go to Prometheus as they came; null when `endpoint` is empty. It turns delta temporality into
 * cumulative by itself (its feature `otlp-deltatocumulative`); the receiver warns of what is lost in that.
 */
export function createPrometheusExporter(config: EngineConfig, deps: EngineExporterDeps): Exporter | null {
  return createEngineExporter(
    config,
    { name: 'prometheus', signal: 'metrics', isAboutPayload: isUntranslatable },
    deps,
  );
}
