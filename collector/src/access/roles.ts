import { highestRole, ROLES, type Role } from './principal.ts';

/** Finds the role that values of a claim or header stand for; null: no entry. */
export type RoleOf = (values: readonly string[]) => Role | null;

/** `mapping` is `value=role` lines; the highest role of several counts, `fallback` when there is none. */
export function createRoleOf(mapping: readonly string[], fallback: Role | ''): RoleOf {
  const roles = new Map(mapping.map(splitMapping));
  return (values) => {
    const found = values.flatMap((value) => roles.get(value.trim()) ?? []);
    return highestRole(found) ?? (fallback === '' ? null : fallback);
  };
}

function splitMapping(line: string): [value: string, role: Role] {
  const at = line.lastIndexOf('=');
  return [line.slice(0, at).trim(), ROLES.find((role) => role === line.slice(at + 1).trim()) ?? 'viewer'];
}
