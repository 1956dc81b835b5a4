import type { LogResult } from '../../log-results.ts';
import type { TimeRange } from '../../requests.ts';
import type { EngineClient } from '../engine-client.ts';
import { type Entry, toLog } from './log-entry.ts';

/** A log record and the time by which Loki keeps it, nanoseconds since 1970. */
export interface KeptLog {
  time: bigint;
  log: LogResult;
}

interface StreamsAnswer {
  data: { result: { stream: Record<string, string>; values: Entry[] }[] };
}

interface VectorAnswer {
  data: { result: { value: [number, string] }[] };
}

/** Loki's HTTP API, as far as it is used. */
export interface LokiClient {
  /** The newest (or oldest) `limit` records of the range, in that order; equal times by id. */
  logs(
    request: { query: string; range: TimeRange; limit: number; oldestFirst?: boolean },
    signal: AbortSignal,
  ): Promise<KeptLog[]>;
  /** How many records the range has. */
  count(request: { query: string; range: TimeRange }, signal: AbortSignal): Promise<number>;
  /** Names of services with a stream in the range. */
  services(range: TimeRange, signal: AbortSignal): Promise<string[]>;
}

/** Tells structured metadata from the labels of the stream. */
const headers = { 'x-loki-response-encoding-flags': 'categorize-labels' };
const MILLI = 1_000_000n;
const MAX_BYTES = 32 * 1024 * 1024;
/** More than this Loki refuses (limits_config.max_entries_limit_per_query). */
export const MAX_LIMIT = 5000;

export function createLokiClient(client: EngineClient): LokiClient {
  return {
    async logs({ limit, oldestFirst = false, query, range }, signal) {
      const direction = oldestFirst ? 'forward' : 'backward';
      const params = { query, start: range.from, end: range.to, limit, direction };
      const path = '/loki/api/v1/query_range';
      const answer = await client.askJson<StreamsAnswer>(
        { path, params, headers, maxBytes: MAX_BYTES },
        signal,
      );
      const kept = answer.data.result.flatMap(({ stream, values }) =>
        values.map((entry): KeptLog => ({ time: BigInt(entry[0]), log: toLog(stream, entry) })),
      );
      return kept.sort(oldestFirst ? (a, b) => newestFirst(b, a) : newestFirst);
    },
    async count({ query, range: { from, to } }, signal) {
      const params = { query: `sum(count_over_time(${query} [${(to - from) / MILLI}ms]))`, time: to };
      const answer = await client.askJson<VectorAnswer>({ path: '/loki/api/v1/query', params }, signal);
      return Number(answer.data.result[0]?.value[1] ?? 0);
    },
    async services({ from, to }, signal) {
      const path = '/loki/api/v1/label/service_name/values';
      const answer = await client.askJson<{ data?: string[] }>(
        { path, params: { start: from, end: to } },
        signal,
      );
      return answer.data ?? [];
    },
  };
}

function newestFirst(a: KeptLog, b: KeptLog): number {
  if (a.time !== b.time) return a.time < b.time ? 1 : -1;
  return a.log.id < b.log.id ? 1 : -1;
}
