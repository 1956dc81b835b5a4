import { randomInt } from 'node:crypto';
import { systemClock } from '#core/clock.ts';
import type { Payload } from '#core/payload.ts';
import { readEnvelope } from '#otlp/envelope.ts';
import { createSpanReader } from '#otlp/span.ts';
import type { Fetch } from '#query/over-engines/engine-client.ts';
import { createEnginesQuery } from '#query/over-engines/engines-query.ts';
import { SECOND, type Value, type ValueMap } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { until } from '#test/support/until.ts';
import { type Keeps, type OpenBackend, RUN_KEY } from './backend.ts';

/** Where the engines answer, and where they take OTLP. */
export interface EngineUrls {
  tempo: string;
  tempoOtlp: string;
  loki: string;
  prometheus: string;
  /** Whether this Tempo searches by TraceQL. */
  traceQl: boolean;
}

/** Long enough ago that 100 s later is over. */
const AGE = 180n * SECOND;
const NAME_LETTERS = 'ghjkmnpqrstvwxyz';

const withUnderscores = (key: string) => key.replaceAll(/[^A-Za-z0-9]+/g, '_');

/** Loki keeps text, and of an attribute its JSON. */
function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'object') {
    return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one));
  }
  return String(value);
}

function asText(sent: ValueMap): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent).map(([key, value]) => [withUnderscores(key), textOf(value)]),
  );
}

const UNIT_WORDS: Readonly<Record<string, string>> = { s: '_seconds' };

const KEEPS: Keeps = {
  traceStartsWith: 'first span',
  repeatsListed: true,
  spanFlags: false,
  // Those with a column of their own in Tempo come last, once they are in a block.
  attributeOrder: false,
  logBody: (sent) => JSON.stringify(textOf(sent)),
  logAttributes: asText,
  resourceInAttributes: true,
  eventNames: false,
  wordsInAttributes: false,
  timeOfTimeless: 'arrival',
  metricName: ({ name, unit = '', counter = false }) =>
    `${withUnderscores(name)}${UNIT_WORDS[unit] ?? ''}${counter ? '_total' : ''}`,
  metricType: (sent) => {
    if (sent === 'up-down counter') return 'gauge';
    return sent.endsWith('counter') ? 'sum' : sent;
  },
  metricUnit: (sent) => sent,
  metricAttributes: asText,
  counterStarts: false,
  // Prometheus interpolates native histograms by their own scale.
  exponentialMiddle: (lower, upper) => Math.sqrt(lower * upper),
  exemplarsWithoutTrace: true,
  requestsFrom: 'HTTP metrics',
  // The width of a bucket.
  quantileError: 1,
};

/** Engines that run already and that other tests use as well: what a test sends has its mark. */
export function createEnginesOpener(urls: EngineUrls): OpenBackend {
  return async () => {
    const run = Array.from({ length: 10 }, () => NAME_LETTERS[randomInt(NAME_LETTERS.length)]).join('');
    let answers = 0;
    const fetch: Fetch = async (url, init) => {
      const response = await globalThis.fetch(url, init);
      if (url.startsWith(urls.loki)) answers++;
      return response;
    };
    const query = createEnginesQuery(
      { tempo_url: urls.tempo, loki_url: urls.loki, prometheus_url: urls.prometheus },
      { clock: systemClock, fetch },
    );
    const since = systemClock() - AGE;
    let last = 0n;
    return {
      query,
      epoch: since - (since % (60n * SECOND)),
      run,
      now() {
        const now = systemClock();
        last = now > last ? now : last + 1n;
        return last;
      },
      async accept(...payloads) {
        for (const payload of payloads) await send(urls, payload);
        const spans = spansByTrace(payloads);
        if (spans.size === 0) return;
        if (urls.traceQl) return untilSearched(urls, run, spans);
        for (const [traceId, ids] of spans) {
          await until(`trace ${traceId}`, async () => {
            const trace = await query.trace(traceId, NEVER);
            return (trace?.spansTotal ?? 0) >= ids.size || undefined;
          });
        }
      },
      async untilFollowing() {
        const before = answers;
        await until('the tails to ask twice', async () => answers >= before + 2 || undefined);
      },
      keeps: KEEPS,
    };
  };
}

const OTLP_PATHS = {
  traces: ({ tempoOtlp }: EngineUrls) => `${tempoOtlp}/v1/traces`,
  logs: ({ loki }: EngineUrls) => `${loki}/otlp/v1/logs`,
  metrics: ({ prometheus }: EngineUrls) => `${prometheus}/api/v1/otlp/v1/metrics`,
};

async function send(urls: EngineUrls, { bytes, signal }: Payload): Promise<void> {
  const response = await globalThis.fetch(OTLP_PATHS[signal](urls), {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(bytes),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${signal} were answered ${response.status}: ${text}`);
}

/** Distinct span ids by trace id. */
function spansByTrace(payloads: readonly Payload[]): Map<string, Set<string>> {
  const spans = new Map<string, Set<string>>();
  const readSpan = createSpanReader([]);
  for (const { bytes, signal } of payloads) {
    if (signal !== 'traces') continue;
    const hex = (at: number, length: number) => Buffer.from(bytes.subarray(at, at + length)).toString('hex');
    readEnvelope(bytes, {
      resource: () => undefined,
      scope: () => undefined,
      item(start, end) {
        const { spanIdAt, traceIdAt } = readSpan(bytes, start, end);
        const traceId = hex(traceIdAt, 16);
        spans.set(traceId, (spans.get(traceId) ?? new Set()).add(hex(spanIdAt, 8)));
      },
    });
  }
  return spans;
}

interface Found {
  traces?: { traceID: string; spanSets?: { matched?: number }[] }[];
}

/** Tempo's search sees a trace some seconds after it can be fetched. */
async function untilSearched(urls: EngineUrls, run: string, spans: Map<string, Set<string>>): Promise<void> {
  const q = `{ resource."${RUN_KEY}" = "${run}" }`;
  await until(`the spans of ${run} to be found`, async () => {
    const response = await globalThis.fetch(
      `${urls.tempo}/api/search?${new URLSearchParams({ q, limit: '1000' })}`,
    );
    const { traces = [] } = (await response.json()) as Found;
    const found = new Map(
      traces.map(({ spanSets = [], traceID }) => [traceID.padStart(32, '0'), spanSets[0]?.matched ?? 0]),
    );
    return [...spans].every(([traceId, ids]) => (found.get(traceId) ?? 0) >= ids.size) || undefined;
  });
}
