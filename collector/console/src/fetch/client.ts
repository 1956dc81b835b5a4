import { parseExact } from './exact-json.ts';

/** Why a request brought nothing. `login` means no or an expired session. */
export interface Failure {
  kind: 'network' | 'http' | 'login' | 'invalid';
  status: number;
  message: string;
}

export type Outcome<T> = { ok: true; data: T } | { ok: false; failure: Failure };

export interface ApiClient {
  /** GETs JSON. Retries twice what may pass by itself. Rejects only with AbortError. */
  get<T>(path: string, signal: AbortSignal): Promise<Outcome<T>>;
  /** Changes something, once. An answer without a body is null. Rejects only with AbortError. */
  send<T>(change: Change, signal: AbortSignal): Promise<Outcome<T>>;
}

/** A request that is not repeated by itself; `body` is sent as JSON. */
export interface Change {
  method: 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: object;
}

export interface ApiClientConfig {
  /** Waits before the second, third... try, in milliseconds. */
  retryDelaysMs: readonly number[];
}

export interface ApiClientDeps {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  onLoginNeeded: () => void;
}

const ACCEPT = { accept: 'application/json' };
const RETRIED_STATUS = new Set([502, 503, 504]);

/** The API as the console uses it: same origin, cookies, exact integers. */
export function createApiClient(config: ApiClientConfig, deps: ApiClientDeps): ApiClient {
  async function tryOnce<T>(path: string, init: RequestInit & { signal: AbortSignal }): Promise<Outcome<T>> {
    try {
      const response = await deps.fetch(path, init);
      const text = await response.text();
      return response.ok ? readBody<T>(text) : { ok: false, failure: failureOf(response.status, text) };
    } catch (error) {
      if (init.signal.aborted) throw error;
      return { ok: false, failure: { kind: 'network', status: 0, message: 'Signalbox did not answer.' } };
    }
  }

  return {
    async get<T>(path: string, signal: AbortSignal): Promise<Outcome<T>> {
      for (let attempt = 0; ; attempt += 1) {
        const outcome = await tryOnce<T>(path, { signal, headers: ACCEPT });
        const delayMs = config.retryDelaysMs[attempt];
        if (!outcome.ok && outcome.failure.kind === 'login') deps.onLoginNeeded();
        if (outcome.ok || delayMs === undefined || !mayPass(outcome.failure)) return outcome;
        await wait(delayMs, signal);
      }
    },
    async send<T>({ body, method, path }: Change, signal: AbortSignal): Promise<Outcome<T>> {
      const content =
        body === undefined
          ? { headers: ACCEPT }
          : { headers: { ...ACCEPT, 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const outcome = await tryOnce<T>(path, { method, signal, ...content });
      if (!outcome.ok && outcome.failure.kind === 'login') deps.onLoginNeeded();
      return outcome;
    },
  };
}

function readBody<T>(text: string): Outcome<T> {
  if (text === '') return { ok: true, data: null as T };
  try {
    return { ok: true, data: parseExact(text) as T };
  } catch {
    return { ok: false, failure: { kind: 'invalid', status: 200, message: 'The answer was not JSON.' } };
  }
}

function failureOf(status: number, text: string): Failure {
  const kind = status === 401 ? 'login' : 'http';
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown } };
    if (typeof body.error?.message === 'string') return { kind, status, message: body.error.message };
  } catch {
    // A proxy in between may answer in HTML: the status is all there is to say.
  }
  return { kind, status, message: `The API answered ${status}.` };
}

function mayPass(failure: Failure): boolean {
  return failure.kind === 'network' || RETRIED_STATUS.has(failure.status);
}

async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', stop, { once: true });
  });
}
