import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { decodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';

/** A destination for the generic exporter that takes everything and forgets nothing: what engines are held against. */
export interface OtlpRecorder {
  url: string;
  /** Export requests in the order they came, read with the codec that is not ours. */
  requests: Record<Signal, Plain[]>;
  /** What was no OTLP, by message: there must be none. */
  malformed: string[];
}

/** Listens on a free port until the scope ends. */
export async function startOtlpRecorder(scope: {
  after(end: () => Promise<void>): void;
}): Promise<OtlpRecorder> {
  const requests: OtlpRecorder['requests'] = { traces: [], metrics: [], logs: [] };
  const malformed: string[] = [];
  const server = createServer((request, response) => {
    take(request, response, requests).catch((error: unknown) => {
      malformed.push(String(error));
      response.writeHead(400).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.after(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, malformed };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  requests: OtlpRecorder['requests'],
): Promise<void> {
  const signal = SIGNALS.find((name) => request.url === `/v1/${name}`);
  if (signal === undefined) throw new Error(`${request.method} ${request.url}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const isGzip = request.headers['content-encoding'] === 'gzip';
  requests[signal].push(decodeAs(REQUEST_NAMES[signal], isGzip ? gunzipSync(body) : body));
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
}
