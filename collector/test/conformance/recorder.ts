import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { decodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { until } from '../support/until.ts';

/** One span, log record or metric as it was delivered, with the attributes of its resource beside it. */
export interface Item extends Plain {
  resource: Plain;
}

/** One export request that arrived. */
export interface Arrival {
  signal: Signal;
  headers: IncomingHttpHeaders;
  /** Names of its items: of spans and metrics their name, of log records their text. */
  names: string[];
  atMs: number;
  /** When the client gave up before it was answered. */
  goneAtMs: number | null;
}

/** What becomes of a request: its items are taken, it is refused, its connection is broken, or it gets no answer. */
export type Reaction = 'take' | 'reset' | 'hang' | { status: number };

/** The destination of a program's exporter: an OTLP/HTTP server that keeps what it took, read with a codec that is not ours. */
export interface Recorder {
  url: string;
  arrivals: readonly Arrival[];
  /** Decides about each request; takes everything until it is set. */
  react: (arrival: Arrival) => Reaction;
  /** Items taken so far with this name. */
  items(signal: Signal, name: string): Item[];
  /** Whether a span of this trace, its id in hex, was taken. */
  hasTrace(traceId: string): boolean;
  /** Waits until at least `count` of them are there; undefined when they are not after 10 s. */
  untilItems(signal: Signal, name: string, count?: number): Promise<Item[] | undefined>;
  close(): Promise<void>;
}

const DELIVERY_MS = 10_000;

/** Listens on a free port of loopback. */
export async function startRecorder(): Promise<Recorder> {
  const arrivals: Arrival[] = [];
  const taken = new Map<string, Item[]>();
  const traceIds = new Set<string>();
  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const signal = SIGNALS.find((name) => request.url === `/v1/${name}`);
    if (signal === undefined) throw new Error(`${request.url} is no path of OTLP`);
    const items = itemsOf(signal, await bodyOf(request));
    const { headers } = request;
    const names = items.map(nameOf);
    const arrival: Arrival = { signal, headers, names, atMs: performance.now(), goneAtMs: null };
    arrivals.push(arrival);
    const reaction = recorder.react(arrival);
    if (reaction === 'reset') return void response.socket?.resetAndDestroy();
    if (reaction === 'hang') {
      response.once('close', () => {
        arrival.goneAtMs = performance.now();
      });
      return;
    }
    for (const item of reaction === 'take' ? items : []) {
      keep(taken, `${signal} ${nameOf(item)}`, item);
      if (signal === 'traces') traceIds.add(Buffer.from(item.traceId as number[]).toString('hex'));
    }
    const status = reaction === 'take' ? 200 : reaction.status;
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  }

  const recorder: Recorder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    react: () => 'take',
    items: (signal, name) => taken.get(`${signal} ${name}`) ?? [],
    hasTrace: (traceId) => traceIds.has(traceId),
    async untilItems(signal, name, count = 1) {
      const probe = async () => {
        const found = recorder.items(signal, name);
        return found.length >= count ? found : undefined;
      };
      return until(`${count} of ${name}`, probe, DELIVERY_MS).catch(() => undefined);
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return recorder;
}

function keep(taken: Map<string, Item[]>, key: string, item: Item): void {
  const list = taken.get(key);
  if (list === undefined) taken.set(key, [item]);
  else list.push(item);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

const FIELDS: Record<Signal, readonly [envelopes: string, scopes: string, items: string]> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
};

/** The items of a request. Throws when the bytes are none. */
export function itemsOf(signal: Signal, bytes: Uint8Array): Item[] {
  const [envelopes, scopes, items] = FIELDS[signal];
  const request = decodeAs(REQUEST_NAMES[signal], bytes);
  return (request[envelopes] as Plain[]).flatMap(({ resource, ...envelope }) =>
    (envelope[scopes] as Plain[])
      .flatMap((scope) => scope[items] as Plain[])
      .map((item) => ({ ...item, resource: resource as Plain })),
  );
}

function nameOf(item: Item): string {
  const { name, body } = item as { name?: string; body?: { stringValue?: string } };
  return name ?? body?.stringValue ?? '';
}
