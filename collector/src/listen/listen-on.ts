import { isIPv6, type Server } from 'node:net';
import { OperatorError } from '#core/errors.ts';

/** Where to listen, and how people know it. */
export interface Place {
  host: string;
  port: number;
  /** For messages: `OTLP/HTTP`. */
  name: string;
  /** Of the configuration: `otlp_http`. */
  section: string;
}

/** Listens; the port is the one that was got, should 0 have been asked for. Throws an OperatorError, see listenError. */
export async function listenOn(server: Server, place: Place): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: place.host, port: place.port }, resolve);
  try {
    await promise;
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, place);
  } finally {
    server.off('error', reject);
  }
  return boundPort(server, place.port);
}

/** The port that a listening server has. */
export function boundPort(server: Server, asked: number): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : asked;
}

/** `https://[::1]:4318` */
export function urlOf({ host, port, isTls }: { host: string; port: number; isTls: boolean }): string {
  return `${isTls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Why an address cannot be had, and which setting to change. */
export function listenError(error: NodeJS.ErrnoException, place: Place): OperatorError {
  return new OperatorError(messageOf(error, place), { cause: error });
}

function messageOf(error: NodeJS.ErrnoException, { host, port, name, section }: Place): string {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE': {
      const variable = `SIGNALBOX_${section.toUpperCase()}_PORT`;
      return `${name}: ${where} is taken by another program; stop it or set ${section}.port (${variable})`;
    }
    case 'EACCES':
      return `${name}: not allowed to listen on ${where}; set ${section}.port to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${name}: this machine has no address ${where}; set ${section}.host`;
    default:
      return `${name}: cannot listen on ${where}: ${error.message}`;
  }
}
