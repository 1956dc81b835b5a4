/** What a person may do; each role may also do what those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a machine may do without a role: read `/metrics`, or post to the webhook of alerts. */
export const SCOPES = ['metrics', 'alerts-webhook'] as const;
export type Scope = (typeof SCOPES)[number];

/** How somebody showed who they are. */
export type PrincipalKind =
  | 'anonymous'
  | 'operator_token'
  | 'machine_token'
  | 'user'
  | 'api_token'
  | 'oidc'
  | 'proxy';

/** Who asks. Holds nothing that is secret. */
export interface Principal {
  kind: PrincipalKind;
  /** The name of the user or token; '' for nobody. */
  name: string;
  /** null: no person's rights. */
  role: Role | null;
  scopes: readonly Scope[];
}

export const NOBODY: Principal = Object.freeze({ kind: 'anonymous', name: '', role: null, scopes: [] });
export const OPERATOR_TOKEN: Principal = Object.freeze({
  kind: 'operator_token',
  name: 'operator token',
  role: 'admin',
  scopes: [],
});
export const MACHINE_TOKEN: Principal = Object.freeze({
  kind: 'machine_token',
  name: 'machine token',
  role: null,
  scopes: SCOPES,
});

/** Whether `role` may do what is meant for `least`. */
export function isAtLeast(role: Role | null, least: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** The role that may do most of those given; null when none is given. */
export function highestRole(roles: readonly Role[]): Role | null {
  return ROLES.findLast((role) => roles.includes(role)) ?? null;
}
