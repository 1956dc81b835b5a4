import { type Static, Type } from 'typebox';
import { tlsSchema } from '#listen/config.ts';

/** Section `console`: the port of console and API. */
export const consoleSchema = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
    port: Type.Integer({ default: 8080, minimum: 0, maximum: 65535, description: 'Port of console and API' }),
    allowed_hosts: Type.Array(Type.String(), {
      default: [],
      description: 'Host names, besides this machine, under which browsers may open the console',
    }),
    public_url: Type.String({
      default: '',
      pattern: '^(https?://[^/?#@\\s]+/?)?$',
      description:
        'Address under which browsers reach the console, as in https://signalbox.example.com; needed behind a proxy that speaks TLS',
    }),
    tls: tlsSchema,
    query_timeout_seconds: Type.Integer({ default: 30, minimum: 1, maximum: 600 }),
    max_tails: Type.Integer({ default: 32, minimum: 1, description: 'Live tails open at the same time' }),
  },
  { additionalProperties: false, default: {} },
);
export type ConsoleConfig = Static<typeof consoleSchema>;
