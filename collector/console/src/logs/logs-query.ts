import type { TimeRange } from '../url/range.ts';

const OWN = ['service', 'severity', 'q', 'traceId', 'spanId'] as const;

/** Lines a page: many, since a line is small and lists are drawn only where they are seen. */
export const LOGS_PAGE = 500;

function filters(params: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams();
  for (const key of OWN) {
    const value = params.get(key);
    if (value !== null && value !== '') query.set(key, value);
  }
  for (const [key, value] of params) if (key.startsWith('attr.')) query.append(key, value);
  return query;
}

/** The query of `/api/v1/logs` for what stands in the console's address. */
export function logsQuery(params: URLSearchParams, range: TimeRange): string {
  const query = filters(params);
  query.set('from', range.from);
  query.set('to', range.to);
  query.set('limit', String(LOGS_PAGE));
  return query.toString();
}

/** The query of `/api/v1/logs/tail`: the same filters, no time. */
export function tailQuery(params: URLSearchParams): string {
  return filters(params).toString();
}

/** Whether anything but the time range narrows the list. */
export function hasLogFilters(params: URLSearchParams): boolean {
  return filters(params).size > 0;
}
