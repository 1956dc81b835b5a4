import type { IncomingHttpHeaders } from 'node:http';
import type { OtlpHttpConfig } from './config.ts';

export interface Cors {
  /** Whether pages of this `Origin` may send. */
  allows(origin: string): boolean;
  /** Headers of every answer to an allowed origin. */
  headers(origin: string): Record<string, string>;
  /** Further headers of the answer to its preflight request. */
  preflightHeaders(): Record<string, string>;
}

/** The permissions of `otlp_http.cors`, as the Fetch standard's CORS protocol words them. */
export function createCors(config: OtlpHttpConfig['cors']): Cors {
  const allowsAny = config.allowed_origins.includes('*');
  const patterns = config.allowed_origins.map((pattern) => pattern.toLowerCase());
  return {
    allows: (origin) => allowsAny || patterns.some((pattern) => matches(pattern, origin.toLowerCase())),
    headers: (origin) => ({
      'access-control-allow-origin': allowsAny ? '*' : origin,
      'access-control-expose-headers': 'retry-after',
      ...(allowsAny ? {} : { vary: 'origin' }),
    }),
    preflightHeaders: () => ({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': config.allowed_headers.join(', '),
      'access-control-max-age': String(config.max_age_seconds),
    }),
  };
}

/** `https://*.example.com` stands for any name below example.com, not for example.com itself. */
function matches(pattern: string, origin: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === origin;
  const scheme = pattern.slice(0, star);
  const domain = pattern.slice(star + 1);
  const name = origin.slice(scheme.length, -domain.length);
  return origin.startsWith(scheme) && origin.endsWith(domain) && /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(name);
}

export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}
