import http2 from 'node:http2';
import type { TestContext } from 'node:test';
import grpc from '@grpc/grpc-js';
import { Ajv } from 'ajv';
import { type Gate, OPEN_GATE } from '#core/gate.ts';
import { ACCEPTED } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Tls } from '#listen/tls.ts';
import { type Answer, standBehind } from '../otlp/behind.fixture.ts';
import { decode } from '../otlp/messages.fixture.ts';
import { type OtlpGrpcConfig, otlpGrpcSchema } from './config.ts';
import { createOtlpGrpcReceiver } from './server.ts';

export const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
export const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
export const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

export function defaultConfig(overrides: Partial<OtlpGrpcConfig> = {}): OtlpGrpcConfig {
  const config = { port: 0, ...overrides };
  const validate = new Ajv({ useDefaults: true, strict: false }).compile<OtlpGrpcConfig>(otlpGrpcSchema);
  if (!validate(config)) throw new Error(JSON.stringify(validate.errors));
  return config;
}

type Overrides = Omit<Partial<OtlpGrpcConfig>, 'tls'> & {
  gate?: Gate;
  tls?: Tls | null;
  budgetBytes?: number;
};

/** A listening receiver on a free port that stops with the test; see standBehind for what it keeps. */
export async function startReceiver(
  context: TestContext,
  { budgetBytes, gate = OPEN_GATE, tls = null, ...overrides }: Overrides = {},
  answer: (payload: Payload) => Answer = () => ACCEPTED,
) {
  const { deps, ...behind } = standBehind({
    answer,
    gate,
    tls,
    ...(budgetBytes === undefined ? {} : { budgetBytes }),
  });
  const receiver = createOtlpGrpcReceiver(defaultConfig(overrides), deps);
  const { url, port } = await receiver.start();
  context.after(() => receiver.stop());
  return { ...behind, receiver, url, port, address: `127.0.0.1:${port}` };
}

export interface GrpcAnswer {
  code: string;
  message: string;
  body: Buffer;
  /** The decoded google.rpc.Status of the trailers; null when there is none. */
  details: GrpcDetails | null;
}

export interface GrpcDetails {
  code: number;
  message: string;
  details?: { typeUrl: string; value: Uint8Array }[];
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** A client of grpc-js with a connection of its own, which sends exactly the bytes that it is given. */
export function openClient(context: TestContext, address: string, { gzip = false } = {}) {
  const client = new grpc.Client(address, grpc.credentials.createInsecure(), {
    'grpc.default_compression_algorithm': gzip
      ? grpc.compressionAlgorithms.gzip
      : grpc.compressionAlgorithms.identity,
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
  });
  context.after(() => client.close());
  return {
    call(path: string, message: Uint8Array, metadata: Record<string, string> = {}): Promise<GrpcAnswer> {
      const headers = new grpc.Metadata();
      for (const [name, value] of Object.entries(metadata)) headers.set(name, value);
      const options = { deadline: Date.now() + 30_000 };
      return new Promise((resolve) => {
        client.makeUnaryRequest(path, asIs, asIs, Buffer.from(message), headers, options, (error, body) =>
          resolve(answerOf(error, body)),
        );
      });
    },
    close: () => client.close(),
  };
}

function answerOf(error: grpc.ServiceError | null, body: Buffer = Buffer.alloc(0)): GrpcAnswer {
  if (error === null) return { code: 'OK', message: '', body, details: null };
  const [details] = error.metadata.get('grpc-status-details-bin');
  return {
    code: grpc.status[error.code] ?? String(error.code),
    message: error.details,
    body,
    details: details === undefined ? null : (decode('Status', details as Buffer) as unknown as GrpcDetails),
  };
}

/** The wait of a RetryInfo in the details, in seconds; null without one. */
export function retryAfterOf({ details }: GrpcAnswer): number | null {
  const info = details?.details?.find(({ typeUrl }) => typeUrl.endsWith('google.rpc.RetryInfo'));
  if (info === undefined) return null;
  const { retryDelay } = decode('RetryInfo', info.value) as { retryDelay?: { seconds?: string } };
  return Number(retryDelay?.seconds ?? 0);
}

export interface RawAnswer {
  headers: http2.IncomingHttpHeaders;
  trailers: http2.IncomingHttpHeaders;
  body: Buffer;
  rstCode: number;
}

/** Headers of a call as they are on the wire. */
export function callHeaders(more: http2.OutgoingHttpHeaders = {}, path = TRACES): http2.OutgoingHttpHeaders {
  return {
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...more,
  };
}

/** A length-prefixed message; `length` may be untrue. */
export function frame(message: Uint8Array, { flag = 0, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** An HTTP/2 connection by hand, which ends with the test. */
export function openRaw(context: TestContext, port: number): http2.ClientHttp2Session {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  context.after(() => session.destroy());
  return session;
}

/** What the server answers to these bytes; without `end` the stream stays open for writing. */
export function sendRaw(
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  { body = Buffer.alloc(0), end = true }: { body?: Uint8Array; end?: boolean } = {},
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const stream = session.request(headers, { endStream: false });
    const chunks: Buffer[] = [];
    const answer: RawAnswer = { headers: {}, trailers: {}, body: Buffer.alloc(0), rstCode: 0 };
    stream.on('response', (received) => {
      answer.headers = received;
    });
    stream.on('trailers', (received) => {
      answer.trailers = received;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => {});
    stream.on('close', () =>
      resolve({ ...answer, body: Buffer.concat(chunks), rstCode: stream.rstCode ?? 0 }),
    );
    if (end) stream.end(body);
    else stream.write(body);
  });
}

/** The status of a raw answer, wherever it was told. */
export function statusOf({ headers, trailers }: RawAnswer): string | undefined {
  return (trailers['grpc-status'] ?? headers['grpc-status']) as string | undefined;
}
