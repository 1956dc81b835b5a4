import type { TokenRecord, UserRecord } from '#access/people-file.ts';

/** One line a user, the longest name giving the width. */
export function userTable(users: readonly UserRecord[]): string {
  if (users.length === 0) return 'There are no users yet: npm run users -- add NAME --role ROLE\n';
  return table(
    ['NAME', 'ROLE', 'STATE', 'CHANGED'],
    users.map(({ changedUnixMs, isDisabled, name, role }) => [
      name,
      role,
      isDisabled ? 'disabled' : 'active',
      day(changedUnixMs),
    ]),
  );
}

export function tokenTable(tokens: readonly TokenRecord[], nowMs: number): string {
  if (tokens.length === 0) return 'There are no tokens yet: npm run users -- token create NAME --role ROLE\n';
  return table(
    ['ID', 'NAME', 'MAY', 'MADE', 'EXPIRES'],
    tokens.map(({ createdUnixMs, expiresUnixMs, id, name, role, scopes }) => [
      id,
      name,
      [...(role === null ? [] : [role]), ...scopes].join(', '),
      day(createdUnixMs),
      expiresUnixMs === null ? 'never' : expiresUnixMs <= nowMs ? 'expired' : day(expiresUnixMs),
    ]),
  );
}

function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function day(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}
