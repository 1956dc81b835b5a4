/** What a provider says of somebody: an ID token's claims, or those of its userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

const NAME = /^[^\p{Cc}]{1,128}$/u;

/** The name to show, from `nameClaim`, then `email`, then `sub` (OpenID Connect Core, 5.1); null when none is usable. */
export function nameIn(claims: Claims, nameClaim: string): string | null {
  const names = [nameClaim, 'email', 'sub'].map((claim) => valueAt(claims, claim));
  return names.find((name): name is string => typeof name === 'string' && NAME.test(name)) ?? null;
}

/** The texts of a claim that is one or a list of them. `realm_access.roles` leads inside when no claim has that name. */
export function textsIn(claims: Claims, path: string): string[] {
  const value = valueAt(claims, path);
  const values = Array.isArray(value) ? value : [value];
  return values.filter((text) => typeof text === 'string');
}

function valueAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
