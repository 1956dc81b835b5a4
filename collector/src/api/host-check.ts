import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests that a foreign page could have made a browser send: a Host that is not ours (DNS rebinding)
 * and, where something is changed, an Origin that is not the Host. Returns what is wrong, or null.
 */
export function createHostCheck(config: {
  host: string;
  allowed_hosts: readonly string[];
  public_url: string;
}) {
  const names = [config.host, ...config.allowed_hosts].map(asInHeader);
  if (config.public_url !== '') names.push(new URL(config.public_url).hostname.toLowerCase());
  const known = new Set([...LOCAL, ...names]);
  const isOwnOrigin = createOriginCheck(config.public_url);
  return ({ headers, method }: FastifyRequest): string | null => {
    const name = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!known.has(name)) {
      return `The name ${JSON.stringify(name)} is not known here. Add it to console.allowed_hosts to use it.`;
    }
    if (method === 'GET' || method === 'HEAD' || headers.origin === undefined) return null;
    return isOwnOrigin(headers) ? null : 'The request comes from a page of another origin.';
  };
}

/** Tells whether the page that sent a request is one of ours. */
export type OriginCheck = (headers: FastifyRequest['headers']) => boolean;

/** Ours is what has the host that it sent to, or the public address, since a proxy may send with another Host. */
export function createOriginCheck(publicUrl: string): OriginCheck {
  const publicOrigin = publicUrl === '' ? null : new URL(publicUrl).origin;
  return ({ host = '', origin = '' }) => origin === publicOrigin || hostOf(origin) === host.toLowerCase();
}

/** `Host` writes IPv6 addresses in brackets (RFC 3986, 3.2.2). */
function asInHeader(host: string): string {
  return (isIPv6(host) ? `[${host}]` : host).toLowerCase();
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
