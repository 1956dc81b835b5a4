import { Agent, request } from 'node:http';

/** One export request as it is sent. */
export interface ExportRequest {
  path: string;
  contentType: string;
  /** '' for none. */
  contentEncoding: string;
  body: Uint8Array;
}

/** Export requests to send over and over, and how. */
export interface Load {
  port: number;
  requests: readonly ExportRequest[];
  connections: number;
}

/** Protobuf bodies for `/v1/traces` as requests. */
export function traceRequests(
  bodies: readonly Uint8Array[],
  compression: 'identity' | 'gzip',
): ExportRequest[] {
  const contentEncoding = compression === 'gzip' ? 'gzip' : '';
  return bodies.map((body) => ({
    path: '/v1/traces',
    contentType: 'application/x-protobuf',
    contentEncoding,
    body,
  }));
}

/** Sends `count` requests, over all connections at once; every one must be answered 200. */
export async function send({ requests, connections, port }: Load, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  const lane = async () => {
    while (sent < count) await post(agent, port, requests[sent++ % requests.length]!);
  };
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
}

function post(
  agent: Agent,
  port: number,
  { body, contentEncoding, contentType, path }: ExportRequest,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': contentType,
      'content-length': body.length,
      ...(contentEncoding === '' ? {} : { 'content-encoding': contentEncoding }),
    };
    const outgoing = request({ agent, host: '127.0.0.1', port, method: 'POST', path, headers });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
      );
    });
    outgoing.end(body);
  });
}
