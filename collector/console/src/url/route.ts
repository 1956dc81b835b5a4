/** The page an address names. */
export type Route =
  | { page: 'services' }
  | { page: 'service'; service: string }
  | { page: 'traces' }
  | { page: 'trace'; traceId: string }
  | { page: 'logs' }
  | { page: 'metrics' }
  | { page: 'metric'; name: string }
  | { page: 'alerts' }
  | { page: 'processors' }
  | { page: 'data' }
  | { page: 'keys' }
  | { page: 'people' }
  | { page: 'audit' }
  | { page: 'send' }
  | { page: 'missing' };

const LISTS = new Set([
  'services',
  'traces',
  'logs',
  'metrics',
  'alerts',
  'processors',
  'data',
  'keys',
  'people',
  'audit',
  'send',
] as const);
type ListPage = typeof LISTS extends Set<infer T> ? T : never;

/** Reads a path such as `/services/shop%20api`. An address that names nothing is `missing`, never a throw. */
export function readRoute(path: string): Route {
  const [page = '', detail, ...rest] = path.replace(/\/+$/, '').split('/').slice(1);
  if (page === '' && detail === undefined) return { page: 'services' };
  if (rest.length > 0) return { page: 'missing' };
  if (detail === undefined)
    return LISTS.has(page as ListPage) ? { page: page as ListPage } : { page: 'missing' };
  const name = decode(detail);
  if (name === null) return { page: 'missing' };
  if (page === 'services') return { page: 'service', service: name };
  if (page === 'traces') return { page: 'trace', traceId: name.toLowerCase() };
  return page === 'metrics' ? { page: 'metric', name } : { page: 'missing' };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export const servicePath = (service: string) => `/services/${encodeURIComponent(service)}`;
export const tracePath = (traceId: string) => `/traces/${encodeURIComponent(traceId)}`;
export const metricPath = (name: string) => `/metrics/${encodeURIComponent(name)}`;

/** The 32 hex digits when the text is a trace id, also with dashes or quotes around; else `null`. */
export function readTraceId(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^["']|["']$/g, '')
    .replaceAll('-', '')
    .toLowerCase();
  return /^[0-9a-f]{32}$/.test(bare) ? bare : null;
}
