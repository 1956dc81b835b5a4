import { EngineError } from '../engine-error.ts';
import type { TimeRange } from '../requests.ts';
import type { EngineClient } from './engine-client.ts';
import type { LokiClient } from './loki/loki-client.ts';
import type { PrometheusClient } from './prometheus/prometheus-client.ts';
import { readServiceNames } from './tempo/service-names.ts';

const MAX_NAMES = 1000;

/**
 * Names of services that any engine has something of in the range. Those of an engine that does not answer are
 * missing: its own page says what is wrong.
 */
export async function findServices(
  engines: { tempo: EngineClient; loki: LokiClient; prometheus: PrometheusClient },
  range: TimeRange,
  signal: AbortSignal,
): Promise<string[]> {
  const request = { match: [], range, limit: MAX_NAMES };
  const names = await Promise.all(
    [
      engines.prometheus.labelValues('service_name', request, signal),
      engines.loki.services(range, signal),
      readServiceNames(engines.tempo, range, signal),
    ].map(unlessSilent),
  );
  return [...new Set(names.flat())].slice(0, MAX_NAMES);
}

async function unlessSilent(names: Promise<string[]>): Promise<string[]> {
  try {
    return await names;
  } catch (error) {
    if (error instanceof EngineError) return [];
    throw error;
  }
}
