import { decodeAs } from '#otlp/testing/reference.ts';

/** Ids of the spans that Tempo has of a trace, in hex, with how often it has each; none when it does not know the trace. */
export async function spansOfTrace(tempoUrl: string, traceId: string): Promise<Map<string, number>> {
  const response = await fetch(`${tempoUrl}/api/traces/${traceId}`, {
    headers: { accept: 'application/protobuf' },
    signal: AbortSignal.timeout(20_000),
  });
  const body = new Uint8Array(await response.arrayBuffer());
  const found = new Map<string, number>();
  if (response.status === 404) return found;
  if (!response.ok) throw new Error(`Tempo answered ${response.status} ${Buffer.from(body)}`);
  for (const { scopeSpans } of resourceSpansOf(body)) {
    for (const { spanId } of scopeSpans.flatMap(({ spans }) => spans)) {
      const id = Buffer.from(spanId).toString('hex');
      found.set(id, (found.get(id) ?? 0) + 1);
    }
  }
  return found;
}

interface ResourceSpans {
  scopeSpans: { spans: { spanId: number[] }[] }[];
}

/** What Tempo answers is a trace of its own; field 1 of that is the same list of ResourceSpans as in an export request. */
function resourceSpansOf(trace: Uint8Array): ResourceSpans[] {
  const { resourceSpans } = decodeAs('ExportTraceServiceRequest', trace);
  return resourceSpans as ResourceSpans[];
}
