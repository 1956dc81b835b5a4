import type { Role, Scope } from '#access/principal.ts';

/** Who may ask a route. */
export interface Right {
  /** The least role; `public`: anybody, without a login. */
  who: Role | 'public';
  /** Machines with this scope may as well. */
  scope?: Scope;
  /** Browsers that ask for a page get the console's, which holds no data, without a login. */
  isPageForBrowsers?: true;
  /** Comes all the time and changes nothing that a person decided: only what is denied is in the audit record. */
  isRoutine?: true;
}

const PUBLIC: Right = { who: 'public' };
const READ: Right = { who: 'viewer' };
const ACT: Right = { who: 'operator' };
const ADMINISTER: Right = { who: 'admin' };

/** Files of the console's build: the same for every installation, so they tell nothing about this one. */
export const CONSOLE_FILE = PUBLIC;

/**
 * What each route needs; HEAD needs what GET does. A route that is not here fails at start. Viewers read everything but
 * keys, people and audit; operators also act; admins may do all.
 */
export const RIGHTS: Readonly<Record<string, Right>> = {
  'GET /': PUBLIC,
  'GET /livez': PUBLIC,
  // Whether it works is told to everybody; what does not, to viewers.
  'GET /readyz': PUBLIC,
  'GET /healthz': PUBLIC,
  'GET /metrics': { ...READ, scope: 'metrics', isPageForBrowsers: true },

  'GET /login': PUBLIC,
  'GET /login.css': PUBLIC,
  'GET /login.js': PUBLIC,
  'POST /login': PUBLIC,
  'GET /login/oidc': PUBLIC,
  'GET /login/oidc/callback': PUBLIC,
  'GET /api/v1/session': READ,
  'DELETE /api/v1/session': READ,
  'DELETE /api/v1/sessions': READ,
  'POST /api/v1/session/password': READ,

  'GET /api/openapi.json': READ,
  'GET /api/v1/accounting': READ,
  'GET /api/v1/alerts': READ,
  'GET /api/v1/logs': READ,
  'GET /api/v1/logs/tail': READ,
  'GET /api/v1/metrics': READ,
  'GET /api/v1/metrics/:name': READ,
  'GET /api/v1/processors': READ,
  'GET /api/v1/services': READ,
  'GET /api/v1/status': READ,
  'GET /api/v1/traces': READ,
  'GET /api/v1/traces/:traceId': READ,

  'POST /api/v1/alerts/webhook': { ...ACT, scope: 'alerts-webhook', isRoutine: true },
  'POST /api/v1/processors/try': ACT,
  'POST /api/v1/processors/hash': ACT,

  'GET /api/v1/keys': ADMINISTER,
  'POST /api/v1/keys': ADMINISTER,
  'PATCH /api/v1/keys/:id': ADMINISTER,
  'POST /api/v1/keys/:id/rotate': ADMINISTER,
  'POST /api/v1/keys/:id/revoke': ADMINISTER,

  'GET /api/v1/people': ADMINISTER,
  'POST /api/v1/people': ADMINISTER,
  'PATCH /api/v1/people/:name': ADMINISTER,
  'DELETE /api/v1/people/:name': ADMINISTER,
  'DELETE /api/v1/people/:name/sessions': ADMINISTER,
  'GET /api/v1/tokens': ADMINISTER,
  'POST /api/v1/tokens': ADMINISTER,
  'DELETE /api/v1/tokens/:id': ADMINISTER,
  'GET /api/v1/audit': ADMINISTER,
};

/** The rule of a route by its method and pattern; undefined when it has none. */
export function rightOf(method: string, url: string): Right | undefined {
  const key = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  return Object.hasOwn(RIGHTS, key) ? RIGHTS[key] : undefined;
}
