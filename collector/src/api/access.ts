import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** Who asks. What machines may do stands in guard.ts. */
export type Consumer = 'operator' | 'machine' | 'anonymous';

export interface Access {
  consumerOf(request: FastifyRequest): Consumer;
  isOperatorToken(token: string): boolean;
  /** The `Set-Cookie` that stands for the operators' token in a browser. */
  sessionCookie(): string;
}

const COOKIE = 'signalbox_session';
const MAX_AGE_SECONDS = 30 * 86_400;

/** Tells consumers apart by bearer token or session cookie. Comparisons take the same time for any input. */
export function createAccess(tokens: { operator: string; machine: string }): Access {
  const session = createHmac('sha256', tokens.operator).update('console session').digest('base64url');
  const isOperatorToken = (token: string) => equal(token, tokens.operator);
  return {
    consumerOf({ headers }) {
      const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
      if (bearer !== undefined) {
        return isOperatorToken(bearer) ? 'operator' : equal(bearer, tokens.machine) ? 'machine' : 'anonymous';
      }
      const cookie = readCookie(headers.cookie ?? '');
      return cookie !== undefined && equal(cookie, session) ? 'operator' : 'anonymous';
    },
    isOperatorToken,
    sessionCookie: () => `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${MAX_AGE_SECONDS}`,
  };
}

function readCookie(header: string): string | undefined {
  return header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
