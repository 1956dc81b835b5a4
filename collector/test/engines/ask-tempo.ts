import { setTimeout as sleep } from 'node:timers/promises';
import { decodeAs } from '#otlp/testing/reference.ts';

const AGAIN_MS = 10_000;
const STEP_MS = 200;

/**
 * Ids of the spans that Tempo has of a trace, in hex, with how often it has each; none when it does not know the trace.
 * While it writes a trace from memory to disk it may not find it for a moment, so it is asked again for up to 10 s as
 * long as it has fewer than `atLeast`.
 */
export async function spansOfTrace(
  tempoUrl: string,
  traceId: string,
  atLeast: number,
): Promise<Map<string, number>> {
  const untilMs = performance.now() + AGAIN_MS;
  for (;;) {
    const found = await askOnce(tempoUrl, traceId);
    if (found.size >= atLeast || performance.now() >= untilMs) return found;
    await sleep(STEP_MS);
  }
}

async function askOnce(tempoUrl: string, traceId: string): Promise<Map<string, number>> {
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
