import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { Signal } from '#core/signal.ts';
import { readStatus, type Status } from './google-rpc.ts';

export const METHODS: Readonly<Record<Signal, string>> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};

export interface GrpcAnswer {
  /** As in `INVALID_ARGUMENT`. */
  code: string;
  message: string;
  /** Of a success. */
  body: Buffer;
  /** `grpc-status-details-bin`, if there is one. */
  details: Status | null;
}

export interface GrpcClient {
  /** Calls with exactly these bytes as the message. */
  call(method: string, message: Uint8Array): Promise<GrpcAnswer>;
  close(): void;
}

interface GrpcOptions {
  gzip?: boolean;
  /** Shown as a bearer token. */
  key?: string | undefined;
}

const DEADLINE_MS = 30_000;
const asIs = (bytes: Buffer): Buffer => bytes;

/** A client of grpc-js on one connection, for `address` as in `127.0.0.1:4317`. */
export function openGrpc(address: string, { gzip = false, key }: GrpcOptions = {}): GrpcClient {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': gzip ? compressionAlgorithms.gzip : compressionAlgorithms.identity,
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
  });
  const metadata = new Metadata();
  if (key !== undefined) metadata.set('authorization', `Bearer ${key}`);
  return {
    call: (method, message) =>
      new Promise((resolve) => {
        const deadline = Date.now() + DEADLINE_MS;
        const done = (error: ServiceError | null, body?: Buffer) => resolve(answerOf(error, body));
        client.makeUnaryRequest(method, asIs, asIs, Buffer.from(message), metadata, { deadline }, done);
      }),
    close: () => client.close(),
  };
}

/** One call on a connection of its own. */
export async function callGrpc(
  address: string,
  method: string,
  { message, ...options }: GrpcOptions & { message: Uint8Array },
): Promise<GrpcAnswer> {
  const client = openGrpc(address, options);
  try {
    return await client.call(method, message);
  } finally {
    client.close();
  }
}

function answerOf(error: ServiceError | null, body: Buffer = Buffer.alloc(0)): GrpcAnswer {
  if (error === null) return { code: 'OK', message: '', body, details: null };
  return { code: status[error.code]!, message: error.details, body, details: detailsOf(error.metadata) };
}

function detailsOf(metadata: Metadata): Status | null {
  const [bytes] = metadata.get('grpc-status-details-bin');
  return bytes === undefined ? null : readStatus(bytes as Buffer);
}
