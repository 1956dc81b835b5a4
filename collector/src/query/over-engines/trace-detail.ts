import type { Clock } from '#core/clock.ts';
import { EngineError } from '../engine-error.ts';
import type { LogFilters, TimeRange } from '../requests.ts';
import type { TraceDetail } from '../trace-results.ts';
import { extentOf, placeSpans } from '../trace-times.ts';
import type { EngineClient } from './engine-client.ts';
import { logQuery } from './loki/logql.ts';
import type { LokiClient } from './loki/loki-client.ts';
import { countSpans } from './tempo/count-spans.ts';
import { type ReadSpans, readSpans } from './tempo/read-spans.ts';
import { fetchTrace } from './tempo/trace-bytes.ts';

const MAX_LOGS = 1_000;
const MINUTE = 60_000_000_000n;
/** How far outside of a trace its logs are looked for. Loki has no index of trace ids: it reads all logs of the time. */
const MARGIN = 5n * MINUTE;
/** How far back logs are looked for when there is no span to say when. */
const WITHOUT_SPANS = 60n * MINUTE;
const NO_SPANS: ReadSpans = { spans: [], leftOut: 0, resources: [], scopes: [] };

/** The whole trace from Tempo with its logs from Loki; null when neither has any of it. */
export async function readTrace(
  engines: { tempo: EngineClient; loki: LokiClient; clock: Clock },
  traceId: string,
  signal: AbortSignal,
): Promise<TraceDetail | null> {
  const kept = await fetchTrace(engines.tempo, traceId, signal);
  const { leftOut, resources, scopes, spans } = kept === null ? NO_SPANS : readSpans(kept.bytes);
  placeSpans(spans);
  const total = kept?.partial
    ? countSpans(engines.tempo, { traceId, spans }, signal)
    : spans.length + leftOut;
  const [found, spansTotal] = await Promise.all([
    readLogs(engines, { traceId, range: rangeOf(spans, engines.clock()) }, signal),
    total,
  ]);
  if (kept === null && found.problem !== null) throw found.problem;
  if (kept === null && found.logs.length === 0) return null;
  const extent = extentOf(spans, found.logs[0]?.timeUnixNano ?? '0');
  return {
    traceId,
    ...extent,
    spans,
    spansTotal,
    resources,
    scopes,
    logs: found.logs,
    logsTotal: found.total,
    logsProblem: found.problem?.message ?? null,
  };
}

/** In which time the trace can have logs. */
function rangeOf(spans: ReadSpans['spans'], now: bigint): TimeRange {
  if (spans.length === 0) return { from: now - WITHOUT_SPANS, to: now + MINUTE };
  const times = spans.flatMap(({ endTimeUnixNano, startTimeUnixNano }) => [
    BigInt(startTimeUnixNano),
    BigInt(endTimeUnixNano),
  ]);
  const [from, to] = times.reduce(
    ([least, most], time) => [time < least ? time : least, time > most ? time : most],
    [times[0]!, times[0]!],
  );
  return { from: from > MARGIN ? from - MARGIN : 0n, to: to + MARGIN };
}

const ALL: LogFilters = {
  service: null,
  minSeverity: 0,
  words: [],
  traceId: null,
  spanId: null,
  attributes: [],
};

/** A trace is worth showing without its logs; that they could not be read is told. */
async function readLogs(
  { loki }: { loki: LokiClient },
  { range, traceId }: { range: TimeRange; traceId: string },
  signal: AbortSignal,
): Promise<{ logs: TraceDetail['logs']; total: number; problem: EngineError | null }> {
  const query = logQuery({ ...ALL, traceId }) ?? '';
  try {
    const kept = await loki.logs({ query, range, limit: MAX_LOGS, oldestFirst: true }, signal);
    const total = kept.length < MAX_LOGS ? kept.length : await loki.count({ query, range }, signal);
    return { logs: kept.map(({ log }) => log), total: Math.max(total, kept.length), problem: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { logs: [], total: 0, problem: error };
  }
}
