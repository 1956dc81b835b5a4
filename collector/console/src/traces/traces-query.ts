import type { TimeRange } from '../url/range.ts';

const OWN = ['service', 'operation', 'minDurationMs', 'maxDurationMs', 'error', 'kind'] as const;

/** The query of `/api/v1/traces` for what stands in the console's address. */
export function tracesQuery(params: URLSearchParams, range: TimeRange): string {
  const query = new URLSearchParams({ from: range.from, to: range.to, limit: '50' });
  for (const key of OWN) {
    const value = params.get(key);
    if (value !== null && value !== '') query.set(key, value);
  }
  for (const [key, value] of params) if (key.startsWith('attr.')) query.append(key, value);
  return query.toString();
}
