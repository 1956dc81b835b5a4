import { type Static, type TString, Type } from 'typebox';
import { frameProperties } from '../frame/config.ts';

const MIB = 1024 * 1024;

interface Endpoint {
  example: string;
  /** What is added to it. */
  adds: string;
}

/** Keys of the section of an exporter to an engine of the stack, which takes one signal as OTLP over HTTP. */
export function engineProperties(endpoint: Endpoint) {
  return {
    endpoint: endpointSchema(endpoint),
    timeout_ms: Type.Integer({
      default: 30_000,
      minimum: 100,
      maximum: 600_000,
      description: 'A request without a complete answer by then counts as failed and is repeated',
    }),
    max_request_bytes: Type.Integer({
      default: 16 * MIB,
      minimum: 64 * 1024,
      maximum: 256 * MIB,
      description:
        'A single payload larger than this, before compression, is sent in pieces: engines have limits for one request',
    }),
    send_tenant: Type.Boolean({
      default: false,
      description:
        'Say in the header `X-Scope-OrgID` whose data a request has: the tenant of its API key. For engines that keep tenants apart',
    }),
    default_tenant: Type.String({
      default: 'default',
      // "." and ".." are no tenants to engines, which name folders after them.
      pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}$',
      description: 'What `send_tenant` says of data without a tenant: of senders without a key, and our own',
    }),
    ...frameProperties,
  };
}

/** Section of such an exporter that needs no further keys. */
export function engineSchema(endpoint: Endpoint) {
  return Type.Object(engineProperties(endpoint), { additionalProperties: false, default: {} });
}

function endpointSchema({ adds, example }: Endpoint): TString {
  return Type.String({
    default: '',
    pattern: '^(https?://[^\\s@?#/]+(/[^\\s@?#]*)?)?$',
    description: `Where telemetry goes, \`${example}\`; \`${adds}\` is added. Empty: off`,
  });
}

export type EngineConfig = Static<ReturnType<typeof engineSchema>>;
