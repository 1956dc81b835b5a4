const OWN = ['state', 'severity', 'q'] as const;
const PAGE = 200;

/** The query of `/api/v1/alerts` for what stands in the console's address. */
export function alertsQuery(params: URLSearchParams): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  for (const key of OWN) {
    const value = params.get(key) ?? '';
    if (value !== '') query.set(key, value);
  }
  return query.toString();
}

/** Whether anything narrows the list. */
export function hasAlertFilters(params: URLSearchParams): boolean {
  return OWN.some((key) => (params.get(key) ?? '') !== '');
}

/** The words of the search with one more, for alerts that have this label; of a value its first word. */
export function withLabel(q: string | null, name: string, value: string): string {
  const word = `${name}=${value.split(/\s/, 1)[0]}`;
  const words = (q ?? '').split(/\s+/).filter((one) => one !== '' && one !== word);
  return [...words, word].join(' ');
}
