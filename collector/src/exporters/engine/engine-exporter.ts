import type { Signal } from '#core/signal.ts';
import { createExporter, type Exporter, type ExporterDeps } from '../frame/exporter.ts';
import type { EngineConfig } from './config.ts';
import { createEngineDestination, type EngineDestinationDeps } from './engine-destination.ts';

export type EngineExporterDeps = Omit<ExporterDeps, 'destination'> & Pick<EngineDestinationDeps, 'version'>;

/** What one engine is: its name, the signal that it takes, and what it needs done to a batch. */
export interface Engine
  extends Pick<EngineDestinationDeps, 'name' | 'prepare' | 'confirmAfterMs' | 'isAboutPayload'> {
  signal: Signal;
}

/** What waits for its confirmation is among the records under way: room for several thousand requests a second. */
const CONFIRMING = { maxLaneRefs: 65_536, maxRefs: 131_072 };

/** Brings one signal to an engine at `endpoint`; null when that is empty. */
export function createEngineExporter(
  config: EngineConfig,
  engine: Engine,
  deps: EngineExporterDeps,
): Exporter | null {
  if (config.endpoint === '') return null;
  const { version, ...shared } = deps;
  const { signal, ...rest } = engine;
  return createExporter(config, {
    ...shared,
    destination: createEngineDestination(config, { ...rest, version, now: Date.now }),
    sources: deps.sources.filter((source) => source.signal === signal),
    tuning: { ...(engine.confirmAfterMs ? CONFIRMING : {}), ...deps.tuning },
  });
}
