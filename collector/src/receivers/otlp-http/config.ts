import { type Static, Type } from 'typebox';
import { tlsSchema } from '#listen/config.ts';

const MIB = 1024 * 1024;

/** Section `otlp_http`: the receiver of OTLP over HTTP. */
export const otlpHttpSchema = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', minLength: 1, description: 'Address to listen on' }),
    port: Type.Integer({
      default: 4318,
      minimum: 0,
      maximum: 65535,
      description: 'Port of OTLP/HTTP; 0 takes a free one',
    }),
    public_url: Type.String({
      default: '',
      pattern: '^(https?://[^\\s@?#]+)?$',
      description:
        'What the console tells people to send to, when that is not where it listens: behind a proxy or in a container',
    }),
    allow_unauthenticated: Type.Boolean({
      default: false,
      description:
        'Listen on an address that other machines reach, although senders need neither a key nor a certificate',
    }),
    max_body_bytes: Type.Integer({
      default: 64 * MIB,
      minimum: 1024,
      maximum: 1024 * MIB,
      description: 'Largest body, as sent and again after decompression; above it the answer is 413',
    }),
    max_items: Type.Integer({
      default: 500_000,
      minimum: 1,
      maximum: 100_000_000,
      description: 'Most spans, log records or data points in one request; above it the answer is 413',
    }),
    max_concurrent_body_bytes: Type.Integer({
      default: 256 * MIB,
      minimum: MIB,
      description:
        'Memory for the bodies of all requests in flight, together, those over gRPC included; above it senders are told to come back (503)',
    }),
    body_timeout_ms: Type.Integer({
      default: 30_000,
      minimum: 50,
      maximum: 3_600_000,
      description: 'A body has to be complete this long after its headers, else the answer is 408',
    }),
    keep_alive_timeout_ms: Type.Integer({
      default: 75_000,
      minimum: 100,
      maximum: 3_600_000,
      description:
        'Idle connections are closed after this; longer than the 60 s between two exports of metrics',
    }),
    max_connections: Type.Integer({
      default: 1024,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Connections open at the same time; more are closed at once',
    }),
    tls: tlsSchema,
    cors: Type.Object(
      {
        allowed_origins: Type.Array(
          Type.String({ pattern: '^(\\*|[A-Za-z][A-Za-z0-9+.-]*://(\\*\\.)?[^*/\\s]+)$' }),
          {
            default: [],
            description:
              'Web pages that may send: `https://app.example.com`, `https://*.example.com`, or `*` for any',
          },
        ),
        allowed_headers: Type.Array(Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" }), {
          default: [
            'content-type',
            'content-encoding',
            'authorization',
            'x-api-key',
            'traceparent',
            'tracestate',
            'baggage',
          ],
          description: 'Request headers that such a page may set',
        }),
        max_age_seconds: Type.Integer({
          default: 7200,
          minimum: 0,
          maximum: 86_400,
          description: 'How long browsers may remember these permissions',
        }),
      },
      {
        additionalProperties: false,
        default: {},
        description: 'Browsers sending telemetry; by default none may',
      },
    ),
  },
  { additionalProperties: false, default: {} },
);
export type OtlpHttpConfig = Static<typeof otlpHttpSchema>;
