import { join } from 'node:path';
import { OperatorError } from '#core/errors.ts';
import { underLock } from './file-lock.ts';
import { ROLES, type Role, SCOPES, type Scope } from './principal.ts';
import { readFileIfAny, replaceFile, versionOfFile } from './secret-file.ts';

/** A named user as kept. */
export interface UserRecord {
  name: string;
  role: Role;
  /** PHC string. */
  passwordHash: string;
  isDisabled: boolean;
  /** Changes with password, role and state: a session made under another one has ended. */
  epoch: string;
  createdUnixMs: number;
  changedUnixMs: number;
}

/** An API token as kept: enough to know it again, not to use it. */
export interface TokenRecord {
  id: string;
  name: string;
  /** null for a token with scopes alone. */
  role: Role | null;
  scopes: Scope[];
  /** SHA-256 of the token, in hex. It is 32 random bytes, so nothing slower is needed. */
  hash: string;
  createdUnixMs: number;
  /** null: it does not expire. */
  expiresUnixMs: number | null;
}

export interface People {
  users: readonly UserRecord[];
  tokens: readonly TokenRecord[];
}

const VERSION = 1;
const NONE: People = { users: [], tokens: [] };

/** Users and API tokens on disk; the program and `npm run users` may both write. */
export interface PeopleFile {
  /** As on disk now. A file that cannot be read any more leaves what was known. */
  read(): People;
  /** Replaces what is kept by what `change` makes of it, with nobody else writing meanwhile. */
  change<T>(change: (people: People) => { people: People; result: T }): Promise<T>;
}

/** `<dataDir>/secrets/users.json`. Throws OperatorError when it cannot be read or is none of ours. */
export function openPeopleFile(dataDir: string): PeopleFile {
  const path = join(dataDir, 'secrets', 'users.json');
  let version = versionOfFile(path);
  let known = load(path);
  const refresh = () => {
    const now = versionOfFile(path);
    if (now === version) return;
    known = load(path);
    version = now;
  };
  return {
    read() {
      try {
        refresh();
      } catch {
        // Whoever damaged the file gets no rights by it: the last good state holds, and changes are refused.
      }
      return known;
    },
    change: (change) =>
      underLock(`${path}.lock`, () => {
        refresh();
        const { people, result } = change(known);
        replaceFile(path, `${JSON.stringify({ version: VERSION, ...people }, null, 1)}\n`);
        known = people;
        version = versionOfFile(path);
        return result;
      }),
  };
}

function load(path: string): People {
  try {
    const text = readFileIfAny(path);
    return text === null ? NONE : parse(text);
  } catch (error) {
    throw new OperatorError(
      `Cannot read the users in ${path}: ${(error as Error).message}. Put back a copy that is whole, or remove it to begin without users.`,
    );
  }
}

function parse(text: string): People {
  const { tokens, users, version } = parseJson(text) as Partial<People> & { version?: unknown };
  if (version !== VERSION) throw new Error(`it has version ${JSON.stringify(version)}, known is ${VERSION}`);
  if (!Array.isArray(users) || !users.every(isUser))
    throw new Error('its users are not as they were written');
  if (!Array.isArray(tokens) || !tokens.every(isToken))
    throw new Error('its tokens are not as they were written');
  return { users, tokens };
}

/** What JSON.parse says of a mistake quotes the text, and that is secret. */
function parseJson(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Error('it is not JSON');
  }
}

function isUser(user: UserRecord): boolean {
  const { changedUnixMs, createdUnixMs, epoch, isDisabled, name, passwordHash, role } = user;
  return (
    [name, passwordHash, epoch].every((text) => typeof text === 'string') &&
    ROLES.includes(role) &&
    typeof isDisabled === 'boolean' &&
    Number.isFinite(createdUnixMs) &&
    Number.isFinite(changedUnixMs)
  );
}

function isToken(token: TokenRecord): boolean {
  const { createdUnixMs, expiresUnixMs, hash, id, name, role, scopes } = token;
  return (
    [id, name, hash].every((text) => typeof text === 'string') &&
    (role === null || ROLES.includes(role)) &&
    Array.isArray(scopes) &&
    scopes.every((scope) => SCOPES.includes(scope)) &&
    Number.isFinite(createdUnixMs) &&
    (expiresUnixMs === null || Number.isFinite(expiresUnixMs))
  );
}
