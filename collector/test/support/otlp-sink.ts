import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { type RequestItems, readItems } from './otlp-items.ts';

/** How the sink treats requests from now on. */
export type SinkMode =
  | { kind: 'ok' }
  /** Its port is closed; the next mode opens the same port again. */
  | { kind: 'down' }
  /** Takes nothing and answers so; `retryAfter` in seconds, or as an HTTP-date that many seconds ahead. */
  | { kind: 'status'; status: number; retryAfter?: { seconds: number; form: 'seconds' | 'date' } }
  /** Takes nothing and does not answer; the next mode breaks the connections. */
  | { kind: 'hang' }
  /** Takes nothing and resets the connection. */
  | { kind: 'reset' }
  /** Takes everything, and the connection ends in the middle of the answer. */
  | { kind: 'cut' }
  /** Takes the first half of each request and says with `partial_success` that it left out the rest. */
  | { kind: 'partial' }
  /** Refuses (400) each request that holds this item and takes the others. */
  | { kind: 'refuse'; signal: Signal; id: number };

/**
 * Our stand-in for a destination: an OTLP/HTTP server on loopback that counts the load's items by id. It is no
 * engine, but the program talks to it over a socket and cannot tell.
 */
export interface OtlpSink {
  /** `http://127.0.0.1:4318`, the same all the time. */
  url: string;
  setMode(mode: SinkMode): Promise<void>;
  /** How often each id was taken. */
  taken: Record<Signal, Map<number, number>>;
  /** Ids that it said it left out, of `partial`. */
  leftOut: Record<Signal, Set<number>>;
  /** Items of other services that it took. */
  foreign: Record<Signal, number>;
  /** Requests by what became of them: the kind of the mode. */
  requests: Record<string, number>;
  /** What was no OTLP, by message: there must be none. */
  malformed: string[];
  /** Items that it took more than once, counted as often as that was too often. */
  duplicates(): number;
  close(): Promise<void>;
}

interface Exchange {
  signal: Signal;
  items: RequestItems;
  response: ServerResponse;
}

/** Listens on a free port, and is switched with `setMode` while it runs. */
export async function startOtlpSink(): Promise<OtlpSink> {
  let mode: SinkMode = { kind: 'ok' };
  const sink = emptyCounts();
  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => {
      if (response.destroyed || request.destroyed) return;
      sink.malformed.push(String(error));
      response.writeHead(400).end();
    });
  });
  const port = await listen(server, 0);

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = { response, ...(await readRequest(request)) };
    sink.requests[mode.kind] = (sink.requests[mode.kind] ?? 0) + 1;
    answer(mode, exchange, sink);
  }

  async function stopListening(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return {
    ...sink,
    url: `http://127.0.0.1:${port}`,
    async setMode(next) {
      const wasHanging = mode.kind === 'hang';
      mode = next;
      if (wasHanging) server.closeAllConnections();
      if (next.kind === 'down') await stopListening();
      else if (!server.listening) await listen(server, port);
    },
    duplicates: () => sink.repeated.count,
    close: stopListening,
  };
}

type Counts = Pick<OtlpSink, 'taken' | 'leftOut' | 'foreign' | 'requests' | 'malformed'> & {
  repeated: { count: number };
};

function emptyCounts(): Counts {
  return {
    taken: { traces: new Map(), logs: new Map(), metrics: new Map() },
    leftOut: { traces: new Set(), logs: new Set(), metrics: new Set() },
    foreign: { traces: 0, logs: 0, metrics: 0 },
    requests: {},
    malformed: [],
    repeated: { count: 0 },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function readRequest(request: IncomingMessage): Promise<Omit<Exchange, 'response'>> {
  const signal = SIGNALS.find((name) => request.url === `/v1/${name}`);
  if (request.method !== 'POST' || signal === undefined) throw new Error(`${request.method} ${request.url}`);
  const type = request.headers['content-type'];
  if (type !== 'application/x-protobuf') throw new Error(`content-type ${type}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = decode(Buffer.concat(chunks), request.headers['content-encoding']);
  return { signal, items: readItems(signal, body) };
}

function decode(body: Buffer, encoding = 'identity'): Buffer {
  if (encoding === 'identity') return body;
  if (encoding === 'gzip') return gunzipSync(body);
  throw new Error(`content-encoding ${encoding}`);
}

function answer(mode: SinkMode, exchange: Exchange, counts: Counts): void {
  const { signal, items, response } = exchange;
  const { ids } = items;
  const isRefused = mode.kind === 'refuse' && mode.signal === signal && ids.includes(mode.id);
  if (mode.kind === 'ok' || (mode.kind === 'refuse' && !isRefused)) {
    take(counts, exchange, ids.length);
    accept(response);
  } else if (mode.kind === 'refuse') refuse(response, 400, {});
  else if (mode.kind === 'status') refuse(response, mode.status, retryHeader(mode));
  else if (mode.kind === 'reset' || mode.kind === 'down') response.socket?.resetAndDestroy();
  else if (mode.kind === 'cut') {
    take(counts, exchange, ids.length);
    response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': '1000' });
    response.write('half an answer', () => response.socket?.destroy());
  } else if (mode.kind === 'partial') {
    const half = Math.floor(ids.length / 2);
    take(counts, exchange, half);
    for (const id of ids.slice(half)) counts.leftOut[signal].add(id);
    accept(response, partialSuccess(signal, ids.length - half));
  }
}

function take(counts: Counts, { signal, items }: Exchange, first: number): void {
  const taken = counts.taken[signal];
  for (const id of items.ids.slice(0, first)) {
    const before = taken.get(id) ?? 0;
    taken.set(id, before + 1);
    if (before > 0) counts.repeated.count++;
  }
  counts.foreign[signal] += items.foreign;
}

function accept(response: ServerResponse, body: Uint8Array = new Uint8Array()): void {
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(body);
}

/** The body is a `google.rpc.Status` as OTLP wants it: field 2, a message. */
function refuse(response: ServerResponse, status: number, headers: Record<string, string>): void {
  const message = Buffer.from(`the sink is told to answer ${status}`);
  const body = Buffer.concat([Buffer.from([0x12, message.length]), message]);
  response.writeHead(status, { 'content-type': 'application/x-protobuf', ...headers }).end(body);
}

function retryHeader({ retryAfter }: SinkMode & { kind: 'status' }): Record<string, string> {
  if (retryAfter === undefined) return {};
  const { seconds, form } = retryAfter;
  const value = form === 'seconds' ? String(seconds) : new Date(Date.now() + seconds * 1000).toUTCString();
  return { 'retry-after': value };
}

function partialSuccess(signal: Signal, rejected: number): Uint8Array {
  const names = { traces: 'Spans', logs: 'LogRecords', metrics: 'DataPoints' } as const;
  const kinds = { traces: 'Trace', logs: 'Logs', metrics: 'Metrics' } as const;
  const partial: Plain = { [`rejected${names[signal]}`]: rejected, errorMessage: 'the sink takes one half' };
  return encodeAs(`Export${kinds[signal]}ServiceResponse` as never, { partialSuccess: partial });
}
