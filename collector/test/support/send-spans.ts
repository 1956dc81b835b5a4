import { randomBytes } from 'node:crypto';
import type { Signalbox } from './start-signalbox.ts';

/** Sends one span of service `load` in a trace of its own; returns the trace id once it was answered with 200, else null. */
export async function sendSpan(otlpHttpUrl: string): Promise<string | null> {
  const traceId = randomBytes(16).toString('hex');
  const nowUnixNano = `${Date.now()}000000`;
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: 'work',
    kind: 2,
    startTimeUnixNano: nowUnixNano,
    endTimeUnixNano: nowUnixNano,
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'load' } }] };
  const response = await fetch(`${otlpHttpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  await response.arrayBuffer();
  return response.status === 200 ? traceId : null;
}

/** Sends spans one after another in `senders` lanes until the program is gone; `accepted` grows meanwhile. */
export function sendUntilGone(otlpHttpUrl: string, senders: number) {
  const accepted = new Set<string>();
  const lane = async () => {
    for (;;) {
      const traceId = await sendSpan(otlpHttpUrl);
      if (traceId !== null) accepted.add(traceId);
    }
  };
  const lanes = Array.from({ length: senders }, () => lane().catch(() => {}));
  return { accepted, gone: Promise.all(lanes) };
}

/** All trace ids of service `load` that the program still has. */
export async function readTraceIds(signalbox: Signalbox): Promise<Set<string>> {
  const found = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await signalbox.fetchApi(`/api/v1/traces?service=load&limit=1000${page}`);
    const body = (await response.json()) as { traces: { traceId: string }[]; nextCursor: string | null };
    for (const { traceId } of body.traces) found.add(traceId);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return found;
}
