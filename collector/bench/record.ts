import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runDemo } from '../test/support/run-demo.ts';
import type { ExportRequest } from './load.ts';

async function record(request: IncomingMessage): Promise<ExportRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    path: request.url ?? '',
    contentType: request.headers['content-type'] ?? '',
    contentEncoding: request.headers['content-encoding'] ?? '',
    body: Buffer.concat(chunks),
  };
}

/**
 * What the SDKs of the demo (OpenTelemetry's for Node with its auto-instrumentation) send while `requests` requests go
 * through it: all three signals, byte for byte.
 */
export async function recordDemo(requests: number): Promise<ExportRequest[]> {
  const recorded: ExportRequest[] = [];
  const server = createServer((request, response) => {
    record(request).then(
      (one) => {
        recorded.push(one);
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      },
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await runDemo({ endpoint, requests, seed: 7 });
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return recorded;
}
