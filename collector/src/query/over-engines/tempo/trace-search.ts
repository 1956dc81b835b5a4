import type { TimeRange } from '../../requests.ts';
import type { EngineClient } from '../engine-client.ts';

/** A span that met the filters. */
export interface FoundSpan {
  /** 16 hexadecimal digits. */
  spanId: string;
  name: string;
  service: string;
  isRoot: boolean;
  start: bigint;
  durationNano: bigint;
}

/** A trace as Tempo's search tells it; times in nanoseconds. */
export interface FoundTrace {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** Null when no span without a parent has arrived. */
  root: { service: string; name: string } | null;
  /** Of its first span. */
  start: bigint;
  /** From the first start to the last end, whole milliseconds. */
  durationMs: number;
  services: { service: string; spans: number; errors: number }[];
  spans: FoundSpan[];
  /** Spans that met the filters, of which `spans` are some. */
  matched: number;
}

interface AnswerSpan {
  spanID: string;
  name?: string;
  startTimeUnixNano: string;
  durationNanos?: string;
  attributes?: { key: string; value: { stringValue?: string } }[];
}

interface AnswerTrace {
  traceID: string;
  rootServiceName?: string;
  rootTraceName?: string;
  startTimeUnixNano?: string;
  durationMs?: number;
  spanSets?: { spans?: AnswerSpan[]; matched?: number }[];
  serviceStats?: Record<string, { spanCount?: number; errorCount?: number }>;
}

const NO_ROOT = '<root span not yet received>';
const UNKNOWN_SERVICE = 'unknown_service';
const SECOND = 1_000_000_000n;

/**
 * The `limit` traces that started last among those that fit the query and overlap the range, in no certain order.
 * Tempo's times are whole seconds, so that some lie up to a second outside of it. Of each trace up to `spans` spans.
 */
export async function searchTraces(
  client: EngineClient,
  request: { query: string; range: TimeRange; limit: number; spans: number },
  signal: AbortSignal,
): Promise<FoundTrace[]> {
  const { limit, query, range, spans } = request;
  const params = {
    q: query,
    start: range.from / SECOND || 1n,
    end: range.to / SECOND + 1n,
    limit,
    spss: spans,
  };
  const answer = await client.askJson<{ traces?: AnswerTrace[] }>({ path: '/api/search', params }, signal);
  return (answer.traces ?? []).map(toTrace);
}

function toTrace(trace: AnswerTrace): FoundTrace {
  const sets = trace.spanSets ?? [];
  const { rootServiceName: service = '', rootTraceName: name = '' } = trace;
  return {
    traceId: trace.traceID.padStart(32, '0'),
    root: service === NO_ROOT && name === '' ? null : { service: serviceName(service), name },
    start: BigInt(trace.startTimeUnixNano ?? 0),
    durationMs: trace.durationMs ?? 0,
    services: Object.entries(trace.serviceStats ?? {}).map(([key, { spanCount = 0, errorCount = 0 }]) => ({
      service: serviceName(key),
      spans: spanCount,
      errors: errorCount,
    })),
    spans: sets.flatMap((set) => (set.spans ?? []).map(toSpan)),
    matched: sets.reduce((sum, { matched = 0 }) => sum + matched, 0),
  };
}

function toSpan(span: AnswerSpan): FoundSpan {
  const told = new Map(span.attributes?.map(({ key, value }) => [key, value.stringValue ?? '']));
  return {
    spanId: span.spanID.padStart(16, '0'),
    name: span.name ?? '',
    service: serviceName(told.get('service.name') ?? ''),
    isRoot: /^0*$/.test(told.get('span:parentID') ?? ''),
    start: BigInt(span.startTimeUnixNano),
    durationNano: BigInt(span.durationNanos ?? 0),
  };
}

function serviceName(name: string): string {
  return name === '' || name === NO_ROOT ? UNKNOWN_SERVICE : name;
}
