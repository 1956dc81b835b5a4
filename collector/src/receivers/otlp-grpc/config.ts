import { type Static, Type } from 'typebox';
import { tlsSchema } from '#listen/config.ts';

const MIB = 1024 * 1024;

/** Section `otlp_grpc`: the receiver of OTLP over gRPC. */
export const otlpGrpcSchema = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', minLength: 1, description: 'Address to listen on' }),
    port: Type.Integer({
      default: 4317,
      minimum: 0,
      maximum: 65535,
      description: 'Port of OTLP/gRPC; 0 takes a free one',
    }),
    tls: tlsSchema,
    allow_unauthenticated: Type.Boolean({
      default: false,
      description:
        'Listen on an address that other machines reach, although senders need neither a key nor a certificate',
    }),
    max_message_bytes: Type.Integer({
      default: 64 * MIB,
      minimum: 1024,
      maximum: 1024 * MIB,
      description:
        'Largest message, as sent and again after decompression; above it the answer is RESOURCE_EXHAUSTED. The memory for all of them is otlp_http.max_concurrent_body_bytes',
    }),
    max_items: Type.Integer({
      default: 500_000,
      minimum: 1,
      maximum: 100_000_000,
      description:
        'Most spans, log records or data points in one request; above it the answer is RESOURCE_EXHAUSTED',
    }),
    message_timeout_ms: Type.Integer({
      default: 30_000,
      minimum: 50,
      maximum: 3_600_000,
      description: 'A message has to be complete this long after its headers, else DEADLINE_EXCEEDED',
    }),
    max_connections: Type.Integer({
      default: 1024,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Connections open at the same time; more are closed at once',
    }),
    max_concurrent_streams: Type.Integer({
      default: 256,
      minimum: 1,
      maximum: 100_000,
      description: 'Requests that one connection may have in flight',
    }),
    ping_interval_ms: Type.Integer({
      default: 60_000,
      minimum: 100,
      maximum: 86_400_000,
      description: 'A connection on which nothing happens is asked this often whether its other end is there',
    }),
    ping_timeout_ms: Type.Integer({
      default: 20_000,
      minimum: 100,
      maximum: 3_600_000,
      description: 'A connection that does not answer for this long is cut',
    }),
    idle_timeout_ms: Type.Integer({
      default: 300_000,
      minimum: 100,
      maximum: 86_400_000,
      description:
        'Connections without a request are closed after this; longer than the 60 s between two exports of metrics',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type OtlpGrpcConfig = Static<typeof otlpGrpcSchema>;
