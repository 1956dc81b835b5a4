import type { Logger } from '#self/log-record.ts';
import { type AddressCheck, clientAddress, createAddressCheck } from './address.ts';
import { type ApiTokens, createApiTokens } from './api-tokens.ts';
import { type Attempts, createAttempts } from './attempts.ts';
import { type AuditLog, createAuditLog } from './audit/audit-log.ts';
import type { AccessConfig } from './config.ts';
import { createQueue } from './hash-queue.ts';
import { createIdentify, type Identify } from './identify.ts';
import { createLogins, type Logins } from './login.ts';
import { createOidcLogin, type OidcLogin } from './oidc/oidc-login.ts';
import { openPeopleFile } from './people-file.ts';
import { createSessionFile } from './session-file.ts';
import { openSessions, type Sessions } from './sessions.ts';
import { createStandingTokens } from './standing-tokens.ts';
import { createUsers, type Users } from './users.ts';

const MINUTE_MS = 60_000;
const HASHES = { atOnce: 2, waiting: 32 };

/** Who may look and act: users, their logins, tokens, and the record of what was done. */
export interface Access {
  readonly users: Users;
  readonly tokens: ApiTokens;
  readonly sessions: Sessions;
  readonly logins: Logins;
  readonly audit: AuditLog;
  /** null when no OpenID Connect provider is configured. */
  readonly oidc: OidcLogin | null;
  readonly identify: Identify;
  /** Names, in lower case, of the headers by which a proxy says who is there. */
  readonly proxyHeaders: readonly string[];
  /** Where a request comes from, X-Forwarded-For believed from trusted proxies alone. */
  addressOf(peer: string, forwardedFor: string | undefined): string;
  close(): Promise<void>;
}

export interface AccessDeps {
  dataDir: string;
  /** The tokens that stand in files or the environment. */
  tokens: { operator: string; machine: string };
  nowMs(): number;
  logger: Logger;
}

/** Throws OperatorError when the file of users cannot be read. */
export async function openAccess(config: AccessConfig, deps: AccessDeps): Promise<Access> {
  const { dataDir, logger, nowMs } = deps;
  const file = openPeopleFile(dataDir);
  const isTrusted: AddressCheck = createAddressCheck(config.proxy.trusted_addresses);
  const users = createUsers({ file, nowMs, queue: createQueue(HASHES) });
  const tokens = createApiTokens({ file, nowMs });
  const standing = createStandingTokens(deps.tokens);
  const attempts: Attempts = createAttempts(nowMs);
  const sessions = await openSessions(
    { idleMs: config.session.idle_minutes * MINUTE_MS, maxMs: config.session.max_hours * 60 * MINUTE_MS },
    {
      file: createSessionFile(dataDir),
      nowMs,
      onFailedWrite: (error) =>
        logger.warn('sessions could not be written; a restart would end them', { error }),
    },
  );
  const audit = createAuditLog(
    dataDir,
    { maxAgeDays: config.audit.max_age_days, maxBytes: config.audit.max_bytes },
    { nowMs, onFailedWrite: (error) => logger.error('the audit record could not be written', { error }) },
  );
  const oidc = config.oidc.issuer === '' ? null : createOidcLogin(config.oidc, { sessions, nowMs, logger });
  const oidcEpoch = oidc?.epoch ?? null;
  return {
    users,
    tokens,
    sessions,
    audit,
    logins: createLogins({ users, sessions, attempts, standing }),
    oidc,
    proxyHeaders: [config.proxy.user_header, config.proxy.role_header]
      .filter((name) => name !== '')
      .map((name) => name.toLowerCase()),
    identify: createIdentify(config.proxy, { users, tokens, sessions, standing, oidcEpoch, isTrusted }),
    addressOf: (peer, forwardedFor) => clientAddress(peer, forwardedFor, isTrusted),
    async close() {
      await sessions.close();
      await audit.close();
    },
  };
}
