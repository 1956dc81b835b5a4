import type { Person } from '#api/schemas/people.ts';

/** Roles to choose from, from the least, each with what it may do. */
export const ROLES: readonly (readonly [role: Person['role'], label: string])[] = [
  ['viewer', 'viewer: reads'],
  ['operator', 'operator: also acts'],
  ['admin', 'admin: also keys, people and audit'],
];
