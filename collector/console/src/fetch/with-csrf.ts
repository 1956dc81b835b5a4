type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

const HEADER = 'x-signalbox-csrf';
const SESSION = '/api/v1/session';
/** What logs in comes before there is a session. */
const BEFORE_LOGIN = '/login';

/**
 * A fetch that sends the session's token along with whatever changes something, so that the API knows it comes from a
 * page of its own. The token is asked for when it is first needed, and again when the API says it is another one by now.
 */
export function withCsrf(fetch: Fetch): Fetch {
  let token: Promise<string | null> | null = null;

  async function askToken(): Promise<string | null> {
    const response = await fetch(SESSION, { headers: { accept: 'application/json' } });
    if (!response.ok) return null;
    return ((await response.json()) as { csrf: string | null }).csrf;
  }

  async function send(path: string, init: RequestInit): Promise<Response> {
    token ??= askToken();
    const value = await token.catch(() => null);
    if (value === null) token = null;
    const headers = new Headers(init.headers);
    if (value !== null) headers.set(HEADER, value);
    return fetch(path, { ...init, headers });
  }

  return async (path, init = {}) => {
    const isSafe = ['GET', 'HEAD'].includes(init.method ?? 'GET');
    if (isSafe || path === BEFORE_LOGIN) return fetch(path, init);
    const response = await send(path, init);
    // A changed password gives a new session with a new token.
    if (path.startsWith(SESSION)) token = null;
    if (!(await isRefused(response))) return response;
    token = null;
    return send(path, init);
  };
}

async function isRefused(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { error?: { code?: unknown } } | null;
  return body?.error?.code === 'csrf';
}
