import { parseArgs } from 'node:util';
import { ROLES, type Role, SCOPES, type Scope } from '#access/principal.ts';

export const HELP = `Users of the console and API, and tokens for scripts. Takes effect at once, also while Signalbox runs.

  npm run users -- list
  npm run users -- add NAME --role ROLE       asks for the password, or reads its first line from standard input
  npm run users -- password NAME              as well; ends the sessions of the user
  npm run users -- role NAME ROLE             ends the sessions of the user
  npm run users -- disable NAME               nobody logs in with that name until it is enabled
  npm run users -- enable NAME
  npm run users -- remove NAME
  npm run users -- token list
  npm run users -- token create NAME --role ROLE [--days N]
  npm run users -- token create NAME --scope SCOPE [--days N]
  npm run users -- token revoke ID

  ROLE     viewer reads, operator also acts, admin also has keys, people and audit
  SCOPE    metrics reads /metrics, alerts-webhook takes notifications of Alertmanager; may be given twice
  --days   the token expires after so many days (default: it does not)
  --config FILE    the configuration (default: as Signalbox reads it, signalbox.yaml and the environment)
`;

/** Something is wrong with what was asked for; for the person at the command line. */
export class UsageError extends Error {}

export type UserCommand =
  | { kind: 'help' }
  | { kind: 'list' }
  | { kind: 'add'; name: string; role: Role }
  | { kind: 'password' | 'disable' | 'enable' | 'remove'; name: string }
  | { kind: 'role'; name: string; role: Role }
  | { kind: 'token list' }
  | { kind: 'token create'; name: string; role: Role | null; scopes: Scope[]; days: number | null }
  | { kind: 'token revoke'; id: string };

export type Command = UserCommand & { config?: string | undefined };

/** Throws UsageError. */
export function readCommand(args: readonly string[]): Command {
  const { positionals, values } = parse(args);
  if (values.help || positionals.length === 0) return { kind: 'help' };
  return { ...commandOf(positionals, values), config: values.config };
}

type Values = ReturnType<typeof parse>['values'];

function commandOf(words: readonly string[], values: Values): UserCommand {
  const [first = '', ...rest] = words;
  if (first === 'token') return tokenCommandOf(rest, values);
  const [name = '', second] = rest;
  switch (first) {
    case 'list':
      expectWords(rest, 0, 'list');
      return { kind: 'list' };
    case 'add':
      expectWords(rest, 1, 'add NAME --role ROLE');
      return { kind: 'add', name, role: roleOf(values.role) };
    case 'role':
      expectWords(rest, 2, 'role NAME ROLE');
      return { kind: 'role', name, role: roleOf(second) };
    case 'password':
    case 'disable':
    case 'enable':
    case 'remove':
      expectWords(rest, 1, `${first} NAME`);
      return { kind: first, name };
    default:
      throw new UsageError(`There is no command ${JSON.stringify(first)}.\n\n${HELP}`);
  }
}

function tokenCommandOf([verb = '', ...rest]: readonly string[], values: Values): UserCommand {
  switch (verb) {
    case 'list':
      expectWords(rest, 0, 'token list');
      return { kind: 'token list' };
    case 'create': {
      expectWords(rest, 1, 'token create NAME --role ROLE');
      const scopes = (values.scope ?? []).map(scopeOf);
      const role = values.role === undefined && scopes.length > 0 ? null : roleOf(values.role);
      return { kind: 'token create', name: rest[0]!, role, scopes, days: daysOf(values.days) };
    }
    case 'revoke':
      expectWords(rest, 1, 'token revoke ID');
      return { kind: 'token revoke', id: rest[0]! };
    default:
      throw new UsageError(`There is no command ${JSON.stringify(`token ${verb}`.trim())}.\n\n${HELP}`);
  }
}

/** A password among the arguments would stand in the history of the shell and in the list of processes. */
function expectWords(words: readonly string[], count: number, usage: string): void {
  if (words.length !== count) throw new UsageError(`Usage: npm run users -- ${usage}`);
}

function roleOf(word: string | undefined): Role {
  const role = ROLES.find((each) => each === word);
  if (role === undefined) throw new UsageError(`A role is one of ${ROLES.join(', ')}.`);
  return role;
}

function scopeOf(word: string): Scope {
  const scope = SCOPES.find((each) => each === word);
  if (scope === undefined) throw new UsageError(`A scope is one of ${SCOPES.join(', ')}.`);
  return scope;
}

function daysOf(word: string | undefined): number | null {
  if (word === undefined) return null;
  if (!/^[1-9]\d{0,4}$/.test(word)) throw new UsageError('--days is a whole number of days, 1 or more.');
  return Number(word);
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    config: text,
    role: text,
    scope: { ...text, multiple: true },
    days: text,
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
