import type { TimeRange } from '../url/range.ts';

const OWN = ['who', 'action'] as const;
const PAGE = 200;

/** The query of `/api/v1/audit` for what stands in the console's address. */
export function auditQuery(params: URLSearchParams, { from, to }: TimeRange): string {
  const query = new URLSearchParams({ from, to, limit: String(PAGE) });
  for (const key of OWN) {
    const value = params.get(key) ?? '';
    if (value !== '') query.set(key, value);
  }
  return query.toString();
}

/** Whether anything but the time range narrows the list. */
export function hasAuditFilters(params: URLSearchParams): boolean {
  return OWN.some((key) => (params.get(key) ?? '') !== '');
}
