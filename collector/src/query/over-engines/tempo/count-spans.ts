import type { SpanResult } from '../../trace-results.ts';
import type { EngineClient } from '../engine-client.ts';
import { searchTraces } from './trace-search.ts';

/** How many spans Tempo has of a trace of which it hands out only some. */
export async function countSpans(
  client: EngineClient,
  { spans, traceId }: { spans: readonly SpanResult[]; traceId: string },
  signal: AbortSignal,
): Promise<number> {
  const starts = spans.map(({ startTimeUnixNano }) => BigInt(startTimeUnixNano));
  const [from, to] = starts.reduce(
    ([least, most], time) => [time < least ? time : least, time > most ? time : most],
    [starts[0] ?? 0n, starts[0] ?? 0n],
  );
  const query = `{ trace:id = "${traceId}" }`;
  const found = await searchTraces(client, { query, range: { from, to }, limit: 1, spans: 1 }, signal);
  return Math.max(spans.length, found[0]?.matched ?? 0);
}
