const RAW: unique symbol = Symbol('raw JSON');

/** JSON text that is passed on as it is, so that 64-bit integers in it stay exact. */
export interface RawJson {
  readonly [RAW]: string;
}

/** Marks `text`, which must be valid JSON. */
export function rawJson(text: string): RawJson {
  return { [RAW]: text };
}

/** `JSON.stringify` for plain data that may hold RawJson; undefined members are left out. */
export function stringifyExact(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (RAW in value) return (value as RawJson)[RAW];
  if (Array.isArray(value)) return `[${value.map(stringifyExact).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${stringifyExact(member)}`);
  return `{${members.join(',')}}`;
}
