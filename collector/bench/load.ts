import { Agent, request } from 'node:http';

/** Export requests to send over and over, and how. */
export interface Load {
  port: number;
  bodies: readonly Uint8Array[];
  compression: 'identity' | 'gzip';
  connections: number;
}

/** Sends `count` requests, over all connections at once; every one must be answered 200. */
export async function send({ bodies, compression, connections, port }: Load, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  const lane = async () => {
    while (sent < count) await post(agent, { port, compression, body: bodies[sent++ % bodies.length]! });
  };
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
}

function post(
  agent: Agent,
  { body, compression, port }: { port: number; compression: string; body: Uint8Array },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-length': body.length,
      ...(compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
    };
    const outgoing = request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/v1/traces', headers });
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
