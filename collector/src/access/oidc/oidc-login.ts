import { createHash } from 'node:crypto';
import type { Configuration } from 'openid-client';
import type { Logger } from '#self/log-record.ts';
import type { OidcConfig } from '../config.ts';
import type { Principal } from '../principal.ts';
import { createRoleOf } from '../roles.ts';
import type { Sessions } from '../sessions.ts';
import { type Claims, nameIn, textsIn } from './claims.ts';
import { createSigner } from './sign.ts';

/** What the browser brings back from the provider is held against this; it waits in a cookie. */
interface Pending {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
  next: string;
  untilMs: number;
}

/** `message` is for people. */
export type OidcOutcome =
  | { kind: 'in'; sessionId: string; principal: Principal; next: string }
  /** Who it is was confirmed, but they have no entry. */
  | { kind: 'denied'; message: string; name: string }
  | { kind: 'failed'; message: string };

/** Login at an OpenID Connect provider: authorization code flow with PKCE (RFC 7636), state and nonce. */
export interface OidcLogin {
  /** Where to send the browser, and the cookie that it must bring back. Rejects with ProviderError. */
  start(redirectUri: string, next: string): Promise<{ url: string; cookie: string }>;
  /** `query` as in the provider's redirect, `cookie` from start. Never rejects. */
  finish(query: string, cookie: string): Promise<OidcOutcome>;
  /** Differs when the provider or its roles are configured otherwise: sessions of before have ended then. */
  readonly epoch: string;
  /** Of the provider, to show. */
  readonly host: string;
}

export const OIDC_COOKIE_SECONDS = 600;
const TIMEOUT_SECONDS = 10;

/** The provider cannot be asked; `message` is for people. */
export class ProviderError extends Error {
  override name = 'ProviderError';
}

export interface OidcDeps {
  sessions: Sessions;
  nowMs(): number;
  logger: Logger;
}

export function createOidcLogin(config: OidcConfig, deps: OidcDeps): OidcLogin {
  const { logger, nowMs, sessions } = deps;
  const signer = createSigner<Pending>();
  const roleOf = createRoleOf(config.roles, config.default_role);
  const provider = createProvider(config, logger);
  const epoch = epochOf(config);

  async function claimsOf(query: string, pending: Pending): Promise<Claims> {
    const { client, configuration } = await provider();
    const url = new URL(pending.redirectUri);
    url.search = query;
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: pending.verifier,
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
    });
    const claims: Claims = { ...tokens.claims() };
    const isAllThere =
      textsIn(claims, config.role_claim).length > 0 && Object.hasOwn(claims, config.name_claim);
    if (isAllThere || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    return {
      ...claims,
      ...(await client.fetchUserInfo(configuration, tokens.access_token, String(claims.sub))),
    };
  }

  function enter(claims: Claims, next: string): OidcOutcome {
    const name = nameIn(claims, config.name_claim);
    const role = roleOf(textsIn(claims, config.role_claim));
    if (name === null) return { kind: 'failed', message: 'The provider gave no name.' };
    if (role === null) {
      const message = `${name} has no role here. Whoever runs this Signalbox gives one in access.oidc.roles.`;
      return { kind: 'denied', name, message };
    }
    const { id } = sessions.create({ kind: 'oidc', name, role, epoch });
    return { kind: 'in', sessionId: id, principal: { kind: 'oidc', name, role, scopes: [] }, next };
  }

  return {
    epoch,
    host: new URL(config.issuer).host,
    async start(redirectUri, next) {
      const { client, configuration } = await provider();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const verifier = client.randomPKCECodeVerifier();
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: config.scopes,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      const untilMs = nowMs() + OIDC_COOKIE_SECONDS * 1000;
      return { url: url.href, cookie: signer.write({ state, nonce, verifier, redirectUri, next, untilMs }) };
    },
    async finish(query, cookie) {
      const pending = signer.read(cookie);
      if (pending === null || pending.untilMs <= nowMs()) {
        return {
          kind: 'failed',
          message: 'This login took too long, or began in another browser. Try again.',
        };
      }
      try {
        return enter(await claimsOf(query, pending), pending.next);
      } catch (error) {
        logger.warn('a login at the OpenID Connect provider failed', describe(error));
        return { kind: 'failed', message: 'The provider did not confirm this login. Try again.' };
      }
    },
  };
}

/** Asks the provider what it can do when somebody first logs in, so that Signalbox starts without it. */
function createProvider(config: OidcConfig, logger: Logger) {
  const load = async () => {
    const client = await import('openid-client');
    const issuer = new URL(config.issuer);
    const isPlain = issuer.protocol === 'http:';
    const options = {
      timeout: TIMEOUT_SECONDS,
      // The configuration allows plain HTTP for this machine alone.
      execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
    };
    const how = config.client_secret === '' ? client.None() : undefined;
    const secret = config.client_secret || undefined;
    const found: Configuration = await client.discovery(issuer, config.client_id, secret, how, options);
    return { client, configuration: found };
  };
  let known: ReturnType<typeof load> | null = null;
  return () => {
    known ??= load().catch((error: unknown) => {
      known = null;
      logger.warn('the OpenID Connect provider cannot be asked', {
        issuer: config.issuer,
        ...describe(error),
      });
      throw new ProviderError('The login provider does not answer. Try again in a moment.');
    });
    return known;
  };
}

function epochOf(config: OidcConfig): string {
  const { client_secret: _, ...known } = config;
  return createHash('sha256').update(JSON.stringify(known)).digest('base64url').slice(0, 22);
}

/** Without the causes, which may hold what the provider answered. */
function describe(error: unknown): { reason: string; code: string } {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { reason: String(message), code: String(code ?? '') };
}
