import { randomBytes } from 'node:crypto';
import type { Queue } from './hash-queue.ts';
import { decoyHash, hashPassword, needsRehash, verifyPassword } from './password-hash.ts';
import { passwordMistake } from './password-rules.ts';
import type { People, PeopleFile, UserRecord } from './people-file.ts';
import type { Role } from './principal.ts';
import { AccessError } from './refusal.ts';

const NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/;
const MAX_USERS = 1000;

/** What is changed of a user; what is left out stays. */
export interface UserChange {
  role?: Role;
  isDisabled?: boolean;
  password?: string;
}

/** Named users with passwords. What cannot be done is thrown as AccessError. */
export interface Users {
  list(): readonly UserRecord[];
  /** undefined for a name that nobody has, or that no name can be. */
  find(name: string): UserRecord | undefined;
  add(user: { name: string; role: Role; password: string }): Promise<UserRecord>;
  change(name: string, change: UserChange): Promise<UserRecord>;
  remove(name: string): Promise<void>;
  /** The user whose password this is, if it may log in. Takes as long for a name that nobody has. May throw BusyError. */
  verify(name: string, password: string): Promise<UserRecord | null>;
}

export interface UsersDeps {
  file: PeopleFile;
  queue: Queue;
  nowMs(): number;
}

export function createUsers({ file, nowMs, queue }: UsersDeps): Users {
  const decoy = decoyHash();
  const find = (name: string) => file.read().users.find((user) => user.name === nameOf(name));
  const hash = (password: string) => queue(() => hashPassword(password));

  async function edit(name: string, edit: (user: UserRecord) => UserRecord): Promise<UserRecord> {
    return file.change((people) => {
      const before = existing(people, name);
      const after = edit(before);
      return {
        people: { ...people, users: people.users.map((user) => (user === before ? after : user)) },
        result: after,
      };
    });
  }

  return {
    list: () => file.read().users,
    find,
    async add({ name, password, role }) {
      const known = checkName(name);
      checkPassword(password, known);
      const passwordHash = await hash(password);
      return file.change((people) => {
        if (people.users.some((user) => user.name === known)) {
          throw new AccessError('exists', `There is a user ${known} already.`, 'name');
        }
        if (people.users.length >= MAX_USERS) {
          throw new AccessError('full', `There are ${MAX_USERS} users, which is as many as there can be.`);
        }
        const at = { createdUnixMs: nowMs(), changedUnixMs: nowMs() };
        const user = { name: known, role, passwordHash, isDisabled: false, epoch: newEpoch(), ...at };
        return { people: { ...people, users: [...people.users, user] }, result: user };
      });
    },
    async change(name, { isDisabled, password, role }) {
      if (password !== undefined) checkPassword(password, nameOf(name));
      const passwordHash = password === undefined ? undefined : await hash(password);
      return edit(name, (user) => ({
        ...user,
        role: role ?? user.role,
        isDisabled: isDisabled ?? user.isDisabled,
        passwordHash: passwordHash ?? user.passwordHash,
        epoch: newEpoch(),
        changedUnixMs: nowMs(),
      }));
    },
    remove: (name) =>
      file.change((people) => {
        const gone = existing(people, name);
        return {
          people: { ...people, users: people.users.filter((user) => user !== gone) },
          result: undefined,
        };
      }),
    async verify(name, password) {
      const user = find(name);
      const kept = user?.passwordHash ?? decoy;
      const isRight = await queue(() => verifyPassword(password, kept));
      if (!isRight || user === undefined || user.isDisabled) return null;
      if (!needsRehash(user.passwordHash)) return user;
      const passwordHash = await hash(password);
      return edit(user.name, (now) =>
        now.passwordHash === user.passwordHash ? { ...now, passwordHash } : now,
      );
    },
  };
}

/** Names are compared without case, so that two that look alike are not two users. */
function nameOf(name: string): string {
  return name.trim().toLowerCase();
}

function checkName(name: string): string {
  const known = nameOf(name);
  if (NAME.test(known)) return known;
  throw new AccessError(
    'invalid',
    'A name has 1 to 64 of the characters a-z, 0-9, ".", "_", "-" and "@", and begins with a letter or a digit.',
    'name',
  );
}

function checkPassword(password: string, name: string): void {
  const mistake = passwordMistake(password, name);
  if (mistake !== null) throw new AccessError('invalid', mistake, 'password');
}

function existing({ users }: People, name: string): UserRecord {
  const user = users.find((known) => known.name === nameOf(name));
  if (user === undefined) throw new AccessError('not_found', `There is no user ${JSON.stringify(name)}.`);
  return user;
}

function newEpoch(): string {
  return randomBytes(9).toString('base64url');
}
