import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  /** Uncompressed. */
  body: Uint8Array;
}

type Answer = (request: Received, response: ServerResponse, socket: IncomingMessage['socket']) => void;

/** A real HTTP server on a free port of loopback that keeps what it gets and answers as told. */
export interface OtlpServer {
  url: string;
  received: Received[];
  /** How it answers from now on; 200 to everything at first. */
  answer: Answer;
  close(): Promise<void>;
}

export const ok: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
};

export function status(
  code: number,
  headers: Record<string, string> = {},
  body: string | Uint8Array = '',
): Answer {
  return (_request, response) => {
    response.writeHead(code, headers).end(body);
  };
}

/** Listens at `port`, or at a free one. */
export async function startOtlpServer(port = 0): Promise<OtlpServer> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const received: Received = { path: request.url ?? '', headers: request.headers, body };
      box.received.push(received);
      box.answer(received, response, request.socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const box: OtlpServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: ok,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return box;
}
