import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { OriginCheck } from './host-check.ts';

export const CSRF_HEADER = 'x-signalbox-csrf';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isUnsafe(method: string): boolean {
  return !SAFE.has(method);
}

/**
 * Why this request may be one that a foreign page made a browser send; null when it cannot be. `expected` is null for
 * who showed a token, which browsers do not send by themselves.
 */
export function csrfMistake(
  { headers, method }: FastifyRequest,
  expected: string | null,
  isOwnOrigin: OriginCheck,
): string | null {
  if (expected === null || !isUnsafe(method)) return null;
  const isFromHere =
    headers.origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : isOwnOrigin(headers);
  if (!isFromHere) return 'The request does not come from a page of this Signalbox.';
  const given = headers[CSRF_HEADER];
  if (typeof given === 'string' && isSame(given, expected)) return null;
  return `Send the header ${CSRF_HEADER} with the value that GET /api/v1/session gives as "csrf".`;
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
