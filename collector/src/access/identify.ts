import { createHmac, randomBytes } from 'node:crypto';
import type { AddressCheck } from './address.ts';
import type { ApiTokens } from './api-tokens.ts';
import type { ProxyConfig } from './config.ts';
import { MACHINE_TOKEN, NOBODY, OPERATOR_TOKEN, type Principal } from './principal.ts';
import { createProxyUser } from './proxy-user.ts';
import type { Subject } from './session-file.ts';
import { csrfOf, type Session, type Sessions } from './sessions.ts';
import type { StandingTokens } from './standing-tokens.ts';
import type { Users } from './users.ts';

/** What a request shows of who sends it. */
export interface Shown {
  /** After `Authorization: Bearer`; undefined without one. */
  bearer: string | undefined;
  sessionId: string | undefined;
  /** Address of the socket's other end. */
  peer: string;
  /** A header by its name in lower case. */
  header(name: string): string | undefined;
}

export interface Identity {
  principal: Principal;
  /** null without a cookie that holds. */
  session: Session | null;
  /**
   * What must come along to change something: whoever is known by what a browser sends by itself could be made to send
   * it by a foreign page. null for who is known by a token.
   */
  csrf: string | null;
}

/** Never throws, never waits. A bearer token decides alone; then the session, then a trusted proxy. */
export type Identify = (shown: Shown) => Identity;

export interface IdentifyDeps {
  users: Users;
  tokens: ApiTokens;
  sessions: Sessions;
  standing: StandingTokens;
  /** null: nobody logs in at a provider. */
  oidcEpoch: string | null;
  isTrusted: AddressCheck;
}

export function createIdentify(config: ProxyConfig, deps: IdentifyDeps): Identify {
  const { sessions, standing, tokens } = deps;
  const proxyUser = createProxyUser(config, deps.isTrusted);
  const proxyKey = randomBytes(32);

  function ofBearer(token: string): Principal {
    if (standing.isOperator(token)) return OPERATOR_TOKEN;
    if (standing.isMachine(token)) return MACHINE_TOKEN;
    const found = tokens.find(token);
    if (found === undefined) return NOBODY;
    return { kind: 'api_token', name: found.name, role: found.role, scopes: found.scopes };
  }

  return ({ bearer, header, peer, sessionId }) => {
    if (bearer !== undefined) return { principal: ofBearer(bearer), session: null, csrf: null };
    const session = sessionId === undefined ? null : sessions.find(sessionId);
    const principal = session === null ? null : principalOf(session.subject, deps);
    if (principal !== null) return { principal, session, csrf: csrfOf(sessionId!) };
    const proxied = proxyUser(peer, header);
    if (proxied === null) return { principal: NOBODY, session: null, csrf: null };
    const csrf = createHmac('sha256', proxyKey).update(proxied.name).digest('base64url');
    return { principal: proxied, session: null, csrf };
  };
}

/** Who a session's subject is now; null when the session has ended with what it was opened by. */
export function principalOf(
  subject: Subject,
  { oidcEpoch, standing, users }: Pick<IdentifyDeps, 'users' | 'standing' | 'oidcEpoch'>,
): Principal | null {
  const { epoch, kind, name, role } = subject;
  if (kind === 'operator_token') return epoch === standing.operatorEpoch() ? OPERATOR_TOKEN : null;
  if (kind === 'oidc') return epoch === oidcEpoch ? { kind, name, role, scopes: [] } : null;
  const user = users.find(name);
  if (user === undefined || user.isDisabled || user.epoch !== epoch) return null;
  return { kind, name: user.name, role: user.role, scopes: [] };
}
