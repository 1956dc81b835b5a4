import { fillTags, type ProvisionedSource } from '#grafana/provisioned.ts';
import { askEngine, type BoardTime, type EngineUrls } from './ask-engine.ts';

/** A log line that belongs to a trace, as Loki gives it. */
export interface LineOfTrace {
  service: string;
  traceId: string;
}

interface LokiAnswer {
  data: { result: { stream: Record<string, string> }[] };
}

/**
 * The newest line of a service that has the label by which the data source of Loki finds traces; null when there is
 * none. Loki gives structured metadata among the labels of a stream, where Grafana looks.
 */
export async function findLineOfTrace(
  loki: ProvisionedSource,
  service: string,
  { time, urls }: { urls: EngineUrls; time: BoardTime },
): Promise<LineOfTrace | null> {
  const label = loki.jsonData.derivedFields?.[0]?.matcherRegex ?? '';
  const params = new URLSearchParams({
    query: `{service_name="${service}"} | ${label} != ""`,
    limit: '1',
    start: String(time.from),
    end: String(time.to),
  });
  const response = await fetch(`${urls.loki}/loki/api/v1/query_range?${params}`);
  const { data } = (await response.json()) as LokiAnswer;
  const traceId = data.result[0]?.stream[label];
  return traceId === undefined ? null : { service, traceId };
}

/** What the links from a span of this trace lead to: amounts of lines and of series by the name of the link. */
export async function followFromSpan(
  tempo: ProvisionedSource,
  line: LineOfTrace,
  where: { urls: EngineUrls; time: BoardTime },
): Promise<Record<string, number>> {
  const span = { traceId: line.traceId, tags: { 'service.name': line.service } };
  const { tracesToLogsV2: logs, tracesToMetrics: metrics } = tempo.jsonData;
  const found: Record<string, number> = {
    logs: await countFound('logql', fillTags(logs?.query ?? '', logs?.tags ?? [], span), where),
  };
  for (const { name, query } of metrics?.queries ?? []) {
    found[name] = await countFound('promql', fillTags(query, metrics?.tags ?? [], span), where);
  }
  return found;
}

async function countFound(
  language: 'promql' | 'logql',
  text: string,
  where: { urls: EngineUrls; time: BoardTime },
): Promise<number> {
  const answer = await askEngine({ language, instant: false }, { text, stepSeconds: 60 }, where);
  if ('refused' in answer) throw new Error(`${text}: ${answer.refused}`);
  return answer.found;
}
