import { openKeyBook } from '#keys/key-book.ts';
import { NO_OWN_LIMITS } from '#keys/key-record.ts';
import type { Certificates } from '../support/certificates.ts';

/** A way to be let in. */
export interface Security {
  words: string;
  tls: 'none' | 'server' | 'mutual';
  key: 'none' | 'x-api-key' | 'bearer';
}

type Variables = Readonly<Record<string, string>>;

export const SECURITY: readonly Security[] = [
  { words: 'plain', tls: 'none', key: 'none' },
  { words: 'with a key', tls: 'none', key: 'x-api-key' },
  { words: 'over TLS', tls: 'server', key: 'none' },
  { words: 'over mutual TLS, with a key as bearer token', tls: 'mutual', key: 'bearer' },
];

/** Has the form of a key and was never made. */
export const WRONG_KEY = `sbk_aaaaaaaa_${'A'.repeat(43)}`;

/** What is set in Signalbox. */
export function settingsOf({ tls, key }: Security, { caFile, server }: Certificates): Variables {
  const perPort = (section: string): Variables => ({
    ...(tls !== 'none' && {
      [`SIGNALBOX_${section}_TLS_CERT_FILE`]: server.certFile,
      [`SIGNALBOX_${section}_TLS_KEY_FILE`]: server.keyFile,
    }),
    ...(tls === 'mutual' && { [`SIGNALBOX_${section}_TLS_CLIENT_CA_FILE`]: caFile }),
  });
  return {
    ...perPort('OTLP_HTTP'),
    ...perPort('OTLP_GRPC'),
    ...(key !== 'none' && { SIGNALBOX_KEYS_REQUIRED: 'true' }),
  };
}

/** Makes the key of the senders in the data folder of a program that may run or not. */
export async function makeKey(dataDir: string): Promise<string> {
  const { key } = await openKeyBook(dataDir).create({
    name: 'senders',
    tenant: '',
    expiresUnixMs: null,
    limits: NO_OWN_LIMITS,
    createdBy: 'test',
  });
  return key;
}

/** What an application is told in the standard variables to be let in with `key`. */
export function variablesOf(security: Security, { caFile, client }: Certificates, key: string): Variables {
  // Values are written as in a URL, so that they may hold a comma or a space (OTLP exporter configuration).
  const headers = { none: '', 'x-api-key': `x-api-key=${key}`, bearer: `authorization=Bearer%20${key}` };
  return {
    ...(security.key !== 'none' && { OTEL_EXPORTER_OTLP_HEADERS: headers[security.key] }),
    ...(security.tls !== 'none' && { OTEL_EXPORTER_OTLP_CERTIFICATE: caFile }),
    ...(security.tls === 'mutual' && {
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.certFile,
      OTEL_EXPORTER_OTLP_CLIENT_KEY: client.keyFile,
    }),
  };
}
