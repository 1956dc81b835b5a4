import { InterruptedError } from '#core/errors.ts';
import { EngineError } from '../engine-error.ts';
import { DeadlinePassed } from './deadline.ts';
import { refusalOf, textOf, unreachable } from './engine-refusal.ts';
import { createSlots, type Slots } from './slots.ts';

/** What of `fetch` is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Parameters of a query string or form; undefined ones are left out, a list is a parameter given more than once. */
export type EngineParams = Readonly<Record<string, string | number | bigint | readonly string[] | undefined>>;

export interface EngineRequest {
  path: string;
  params?: EngineParams;
  headers?: Readonly<Record<string, string>>;
  /** Sends the parameters as a form, for queries too long for an address. */
  post?: boolean;
  /** A larger answer is a failure. Default 16 MiB. */
  maxBytes?: number;
}

/** Asks one engine over HTTP: bounded in time, in size and in how many at once. */
export interface EngineClient {
  /**
   * The body of a 200; null for 404. Throws EngineError, also when `signal` aborts with DeadlinePassed, or
   * InterruptedError when it aborts otherwise.
   */
  ask(request: EngineRequest, signal: AbortSignal): Promise<Uint8Array | null>;
  /** As `ask`, parsed; a 404 is a failure. */
  askJson<T>(request: EngineRequest, signal: AbortSignal): Promise<T>;
}

export interface EngineClientConfig {
  /** As people call it, and as its service in docker-compose.yml. */
  name: 'Tempo' | 'Loki' | 'Prometheus';
  url: string;
  timeoutMs: number;
  /** Whose data is asked for; none: what the engine keeps for nobody in particular. */
  tenants?: readonly string[];
}

const MIB = 1024 * 1024;
const DEFAULT_MAX_BYTES = 16 * MIB;
const MAX_RUNNING = 8;
const MAX_WAITING = 200;

export function createEngineClient(config: EngineClientConfig, deps: { fetch: Fetch }): EngineClient {
  const slots = createSlots({ running: MAX_RUNNING, waiting: MAX_WAITING });
  const ask: EngineClient['ask'] = (request, signal) =>
    askOnce({ ...config, ...deps, slots }, request, signal);
  return {
    ask,
    async askJson<T>(request: EngineRequest, signal: AbortSignal) {
      const body = await ask(request, signal);
      if (body === null)
        throw new EngineError('failed', `${config.name} at ${config.url} has no ${request.path}.`);
      try {
        return JSON.parse(textOf(body)) as T;
      } catch {
        throw new EngineError(
          'failed',
          `${config.name} at ${config.url} answered ${request.path} without JSON.`,
        );
      }
    },
  };
}

type Parts = EngineClientConfig & { fetch: Fetch; slots: Slots };

async function askOnce(
  parts: Parts,
  request: EngineRequest,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const timeout = AbortSignal.timeout(parts.timeoutMs);
  const stop = AbortSignal.any([signal, timeout]);
  try {
    return await parts.slots.run(async () => {
      stop.throwIfAborted();
      const response = await parts.fetch(...requestOf(parts, request, stop));
      const body = await readBody(response, { ...parts, maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES });
      if (response.status === 200) return body;
      if (response.status === 404) return null;
      throw refusalOf(parts, response.status, textOf(body));
    }, stop);
  } catch (error) {
    const late = signal.reason instanceof DeadlinePassed;
    if (signal.aborted && !late) throw new InterruptedError('stopped by its reader');
    if (late || timeout.aborted) {
      const seconds = parts.timeoutMs / 1000;
      throw new EngineError(
        'timeout',
        `${parts.name} did not answer within ${seconds} s. Try a shorter range.`,
      );
    }
    if (error instanceof EngineError || error instanceof InterruptedError) throw error;
    throw unreachable(parts, error);
  }
}

function requestOf(
  config: EngineClientConfig,
  request: EngineRequest,
  signal: AbortSignal,
): [string, RequestInit] {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(request.params ?? {})) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) params.append(name, String(one));
  }
  const base = `${config.url.replace(/\/+$/, '')}${request.path}`;
  const headers = { accept: 'application/json', ...tenantsHeader(config), ...request.headers };
  if (request.post) return [base, { method: 'POST', body: params, headers, signal, redirect: 'error' }];
  return [params.size === 0 ? base : `${base}?${params}`, { headers, signal, redirect: 'error' }];
}

/** Loki and Tempo take several tenants parted by `|` for a query over all of them ("multi-tenant queries"). */
function tenantsHeader({ tenants = [] }: EngineClientConfig): Record<string, string> {
  return tenants.length === 0 ? {} : { 'x-scope-orgid': tenants.join('|') };
}

async function readBody(
  response: Response,
  { maxBytes, name }: { maxBytes: number; name: string },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      const message = `${name}'s answer is larger than ${maxBytes / MIB} MiB. Try a shorter range or more filters.`;
      throw new EngineError('refused', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
