import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests that a foreign page could have made a browser send: a Host that is not ours (DNS rebinding)
 * and, where something is changed, an Origin that is not the Host. Returns what is wrong, or null.
 */
export function createHostCheck(config: { host: string; allowed_hosts: readonly string[] }) {
  const known = new Set([...LOCAL, ...[config.host, ...config.allowed_hosts].map(asInHeader)]);
  return ({ headers, method }: FastifyRequest): string | null => {
    const host = headers.host ?? '';
    const name = host.replace(/:\d+$/, '').toLowerCase();
    if (!known.has(name)) {
      return `The name ${JSON.stringify(name)} is not known here. Add it to console.allowed_hosts to use it.`;
    }
    const { origin } = headers;
    if (method === 'GET' || method === 'HEAD' || origin === undefined) return null;
    return hostOf(origin) === host.toLowerCase() ? null : 'The request comes from a page of another origin.';
  };
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
