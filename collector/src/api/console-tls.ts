import type { RequestListener, Server } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '#core/clock.ts';
import { createHttpListener } from '#listen/http-listener.ts';
import { openTls, type Tls } from '#listen/tls.ts';
import type { Logger } from '#self/log-record.ts';
import type { ConsoleConfig } from './config.ts';

const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than the idle time of usual proxies, so that they are the ones to close. */
const KEEP_ALIVE_MS = 72_000;

/** The certificates of `console.tls`; null when there are none. Throws an OperatorError, see openTls. */
export function openConsoleTls(config: ConsoleConfig, deps: { clock: Clock; logger: Logger }): Tls | null {
  const { clock, logger } = deps;
  return openTls(config.tls, {
    section: 'console',
    clock,
    onReloaded: (certificate) => logger.info('new TLS certificate in use', { ...certificate }),
    onFailed: (reason) => logger.error('changed TLS files cannot be used, the ones before stay', { reason }),
    onWarning: (reason) => logger.warn('TLS certificate is not valid now', { reason }),
  });
}

/** Options for Fastify, none when `tls` is null. HTTP/1.1 alone, which is what the checks of heads are made for. */
export function speakTls(
  tls: Tls | null,
  {
    logger,
    maxConnections,
    maxHeaderSize,
  }: { maxHeaderSize: number; maxConnections: number; logger: Logger },
): { serverFactory?: (handler: RequestListener) => Server } {
  if (tls === null) return {};
  const options = {
    tls,
    http1: { headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize },
    http2: null,
    maxConnections,
    onTlsError: ({ message }: Error, { remoteAddress = '' }: TLSSocket) =>
      logger.debug('a TLS handshake failed', { reason: message, remoteAddress }),
  };
  return { serverFactory: (handler) => createHttpListener(options, handler) };
}
