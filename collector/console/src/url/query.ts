/** Changes to a query string: `null` or an empty string removes, a list repeats the key. */
export type QueryChanges = Readonly<Record<string, string | readonly string[] | null>>;

/** Parameters that go along to every page: the range, the clock and whether it is paused. */
export const SHARED_PARAMS = ['from', 'to', 'tz', 'live'] as const;

/** One attribute that must have one value. */
export interface AttributeFilter {
  key: string;
  value: string;
}

const ATTRIBUTE_PREFIX = 'attr.';

/** A copy of the parameters with the changes made. */
export function changeQuery(params: URLSearchParams, changes: QueryChanges): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [key, value] of Object.entries(changes)) {
    next.delete(key);
    const values = value === null ? [] : typeof value === 'string' ? [value] : value;
    for (const item of values) if (item !== '') next.append(key, item);
  }
  return next;
}

/** Only the parameters that go along to every page. */
export function sharedQuery(params: URLSearchParams): URLSearchParams {
  const shared = new URLSearchParams();
  for (const key of SHARED_PARAMS) {
    const value = params.get(key);
    if (value !== null) shared.set(key, value);
  }
  return shared;
}

/** A path with its query, readable: colons and slashes in values stay as they are. */
export function hrefOf(path: string, params: URLSearchParams): string {
  const text = params.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  return text === '' ? path : `${path}?${text}`;
}

/** The attribute filters in the address, in their order. */
export function readAttributeFilters(params: URLSearchParams): AttributeFilter[] {
  const filters: AttributeFilter[] = [];
  for (const [key, value] of params) {
    if (key.startsWith(ATTRIBUTE_PREFIX) && key.length > ATTRIBUTE_PREFIX.length) {
      filters.push({ key: key.slice(ATTRIBUTE_PREFIX.length), value });
    }
  }
  return filters;
}

/** The change that adds an attribute filter; the same key and value twice is once. */
export function withAttribute(params: URLSearchParams, filter: AttributeFilter): QueryChanges {
  const name = ATTRIBUTE_PREFIX + filter.key;
  return { [name]: [...params.getAll(name).filter((value) => value !== filter.value), filter.value] };
}

/** The change that takes an attribute filter away. */
export function withoutAttribute(params: URLSearchParams, filter: AttributeFilter): QueryChanges {
  const name = ATTRIBUTE_PREFIX + filter.key;
  return { [name]: params.getAll(name).filter((value) => value !== filter.value) };
}

/** Reads `key=value` as typed; the value may hold more equals signs and quotes around it are dropped. */
export function parseAttributeFilter(text: string): AttributeFilter | null {
  const at = text.indexOf('=');
  if (at <= 0) return null;
  const key = text.slice(0, at).trim();
  const value = text
    .slice(at + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  return key === '' || value === '' ? null : { key, value };
}
