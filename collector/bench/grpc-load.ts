import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';

/** Messages to send over and over, each framed once: `Length-Prefixed-Message` of gRPC over HTTP/2. */
export interface GrpcLoad {
  port: number;
  frames: readonly Buffer[];
  isGzip: boolean;
  connections: number;
  /** Calls open at the same time on each connection. */
  streams: number;
}

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** A message with its prefix. */
export function frameOf(message: Uint8Array, isGzip: boolean): Buffer {
  const frame = Buffer.alloc(5 + message.length);
  frame[0] = isGzip ? 1 : 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

/** Makes `count` calls; every one must end with status 0. */
export async function sendGrpc(load: GrpcLoad, count: number): Promise<void> {
  const sessions = Array.from({ length: load.connections }, () => connect(`http://127.0.0.1:${load.port}`));
  await Promise.all(sessions.map((session) => once(session, 'connect')));
  let sent = 0;
  const lane = async (session: ClientHttp2Session) => {
    while (sent < count) await call(session, load, load.frames[sent++ % load.frames.length]!);
  };
  await Promise.all(sessions.flatMap((session) => Array.from({ length: load.streams }, () => lane(session))));
  await Promise.all(sessions.map((session) => new Promise<void>((resolve) => session.close(resolve))));
}

function call(session: ClientHttp2Session, { isGzip, port }: GrpcLoad, frame: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      ':authority': `127.0.0.1:${port}`,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(isGzip ? { 'grpc-encoding': 'gzip' } : {}),
    });
    let status: unknown;
    stream.on('response', (headers) => {
      status ??= headers['grpc-status'];
    });
    stream.on('trailers', (trailers) => {
      status = trailers['grpc-status'];
    });
    stream.on('error', reject);
    stream.on('close', () => {
      if (String(status) === '0') resolve();
      else reject(new Error(`answered status ${String(status)}`));
    });
    stream.resume();
    stream.end(frame);
  });
}
