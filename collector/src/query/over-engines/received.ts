import type { Clock } from '#core/clock.ts';
import type { TimeRange } from '../requests.ts';
import type { Received } from '../results.ts';
import type { EngineClient } from './engine-client.ts';
import type { LokiClient } from './loki/loki-client.ts';
import type { PrometheusClient } from './prometheus/prometheus-client.ts';
import { selector } from './prometheus/promql.ts';
import { searchTraces } from './tempo/trace-search.ts';

const SOME = 1000;
const HOUR = 3_600_000_000_000n;
/** Together less than the week that Tempo searches at most by default. */
const LOOKED_AT = { back: 150n * HOUR, ahead: HOUR };
const OWN_SERVICE = 'signalbox';

/**
 * Whether apps have sent anything of late: traces, metrics by name, and log records, each counted up to 1,000. Fails
 * only when an engine that does not answer could have had the only thing.
 */
export async function readReceived(
  engines: { tempo: EngineClient; loki: LokiClient; prometheus: PrometheusClient; clock: Clock },
  signal: AbortSignal,
): Promise<Received> {
  const now = engines.clock();
  const range = { from: now - LOOKED_AT.back, to: now + LOOKED_AT.ahead };
  const [traces, metrics, logs] = await Promise.allSettled([
    countTraces(engines.tempo, range, signal),
    countMetrics(engines.prometheus, range, signal),
    countLogs(engines.loki, range, signal),
  ]);
  const answers = [traces, metrics, logs];
  const failed = answers.find((answer) => answer.status === 'rejected');
  const isSomething = answers.some((answer) => answer.status === 'fulfilled' && answer.value > 0);
  if (failed !== undefined && !isSomething) throw failed.reason;
  const countOf = (answer: PromiseSettledResult<number>) =>
    answer.status === 'fulfilled' ? answer.value : 0;
  return { traces: countOf(traces), metrics: countOf(metrics), logs: countOf(logs) };
}

async function countTraces(client: EngineClient, range: TimeRange, signal: AbortSignal): Promise<number> {
  const query = `{ resource.service.name != "${OWN_SERVICE}" }`;
  return (await searchTraces(client, { query, range, limit: 20, spans: 1 }, signal)).length;
}

async function countMetrics(
  client: PrometheusClient,
  range: TimeRange,
  signal: AbortSignal,
): Promise<number> {
  const match = [selector(null, [{ label: 'service_name', op: '!~', value: `|${OWN_SERVICE}` }])];
  return (await client.labelValues('__name__', { match, range, limit: SOME }, signal)).length;
}

async function countLogs(client: LokiClient, range: TimeRange, signal: AbortSignal): Promise<number> {
  const query = `{service_name=~".+", service_name!="${OWN_SERVICE}"}`;
  return (await client.logs({ query, range, limit: 20 }, signal)).length;
}
