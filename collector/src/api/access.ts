import type { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '#access/access.ts';
import type { Identity } from '#access/identify.ts';
import { isAtLeast } from '#access/principal.ts';
import { cookieName, endCookie, readCookie, writeCookie } from './cookies.ts';

export const SESSION_COOKIE = 'signalbox_session';
const KEPT_SECONDS = 30 * 86_400;

/** Who asks, and from where. */
export interface Caller extends Identity {
  address: string;
}

/** Tells callers apart, and gives browsers the cookies they are known by. */
export interface Callers {
  /** As it was when the request came in. */
  of(request: FastifyRequest): Caller;
  /** Whether who asked may still read, which an answer that goes on for long asks again. */
  mayStillRead(request: FastifyRequest): boolean;
  /** A word for logs: the role, `machine` or `anonymous`. */
  wordFor(request: FastifyRequest): string;
  /** Whether the browser speaks TLS, to us or to the proxy of `console.public_url`. */
  isSecure(request: FastifyRequest): boolean;
  /** What a page calls us: scheme, host and port. */
  originOf(request: FastifyRequest): string;
  giveSession(request: FastifyRequest, reply: FastifyReply, sessionId: string): void;
  takeSession(request: FastifyRequest, reply: FastifyReply): void;
}

export function createCallers(access: Access, publicUrl: string): Callers {
  const known = new WeakMap<FastifyRequest, Caller>();
  const isSecure = ({ raw }: FastifyRequest) =>
    publicUrl.startsWith('https:') || (raw.socket as TLSSocket | null)?.encrypted === true;
  const identify = (request: FastifyRequest): Caller => {
    const { headers } = request;
    const peer = request.raw.socket?.remoteAddress ?? '';
    const name = cookieName(SESSION_COOKIE, isSecure(request));
    const identity = access.identify({
      bearer: bearerIn(headers.authorization),
      sessionId: readCookie(headers.cookie ?? '', name),
      peer,
      header: (header) => textOf(headers[header]),
    });
    return { ...identity, address: access.addressOf(peer, textOf(headers['x-forwarded-for'])) };
  };
  const of = (request: FastifyRequest) => {
    const caller = known.get(request) ?? identify(request);
    known.set(request, caller);
    return caller;
  };
  return {
    of,
    isSecure,
    mayStillRead: (request) => isAtLeast(identify(request).principal.role, 'viewer'),
    wordFor(request) {
      const { kind, role, scopes } = of(request).principal;
      return role ?? (scopes.length > 0 ? 'machine' : kind);
    },
    originOf(request) {
      if (publicUrl !== '') return new URL(publicUrl).origin;
      return `${isSecure(request) ? 'https' : 'http'}://${request.headers.host ?? ''}`;
    },
    giveSession(request, reply, value) {
      const cookie = {
        name: SESSION_COOKIE,
        value,
        maxAgeSeconds: KEPT_SECONDS,
        sameSite: 'Strict' as const,
      };
      reply.header('set-cookie', writeCookie(cookie, isSecure(request)));
    },
    takeSession(request, reply) {
      reply.header('set-cookie', endCookie(SESSION_COOKIE, isSecure(request)));
    },
  };
}

/**
 * undefined without such a header, and for another scheme, which a proxy in front may ask for itself. A Bearer is a try
 * to log in, and decides alone also when it is empty.
 */
function bearerIn(authorization: string | undefined): string | undefined {
  const found = /^Bearer(?: +(.*))?$/i.exec(authorization ?? '');
  return found === null ? undefined : (found[1] ?? '');
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
