import { createHash, randomBytes } from 'node:crypto';
import type { PeopleFile, TokenRecord } from './people-file.ts';
import type { Role, Scope } from './principal.ts';
import { AccessError } from './refusal.ts';

const PREFIX = 'sbt_';
const FORM = /^sbt_[\w-]{43}$/;
const NAME = /^[^\p{Cc}]{1,100}$/u;
const MAX_TOKENS = 1000;

export interface NewToken {
  name: string;
  /** null: only the scopes. */
  role: Role | null;
  scopes: readonly Scope[];
  /** null: it does not expire. */
  expiresUnixMs: number | null;
}

/** Tokens for scripts and machines. What cannot be done is thrown as AccessError. */
export interface ApiTokens {
  list(): readonly TokenRecord[];
  /** `token` is told here and never again: only its hash is kept. */
  create(made: NewToken): Promise<{ token: string; record: TokenRecord }>;
  revoke(id: string): Promise<TokenRecord>;
  /** The record of a token that holds now. */
  find(token: string): TokenRecord | undefined;
}

export function createApiTokens({ file, nowMs }: { file: PeopleFile; nowMs(): number }): ApiTokens {
  return {
    list: () => file.read().tokens,
    async create({ expiresUnixMs, name, role, scopes }) {
      if (!NAME.test(name))
        throw new AccessError('invalid', 'A token has a name of 1 to 100 characters.', 'name');
      if (role === null && scopes.length === 0) {
        throw new AccessError('invalid', 'A token needs a role or a scope, or it could do nothing.', 'role');
      }
      if (expiresUnixMs !== null && expiresUnixMs <= nowMs()) {
        throw new AccessError('invalid', 'The token would have expired already.', 'expiresAt');
      }
      const token = PREFIX + randomBytes(32).toString('base64url');
      const id = randomBytes(6).toString('hex');
      const about = { id, name, role, scopes: [...new Set(scopes)], expiresUnixMs };
      const record = { ...about, hash: sha256(token), createdUnixMs: nowMs() };
      return file.change((people) => {
        if (people.tokens.length >= MAX_TOKENS) {
          throw new AccessError('full', `There are ${MAX_TOKENS} tokens. Revoke some that nobody uses.`);
        }
        return { people: { ...people, tokens: [...people.tokens, record] }, result: { token, record } };
      });
    },
    revoke: (id) =>
      file.change((people) => {
        const gone = people.tokens.find((token) => token.id === id);
        if (gone === undefined)
          throw new AccessError('not_found', `There is no token ${JSON.stringify(id)}.`);
        return {
          people: { ...people, tokens: people.tokens.filter((token) => token !== gone) },
          result: gone,
        };
      }),
    find(token) {
      if (!FORM.test(token)) return undefined;
      // What is compared is a hash of 256 random bits: how long it takes tells nothing about the token.
      const hash = sha256(token);
      const found = file.read().tokens.find((known) => known.hash === hash);
      if (found === undefined) return undefined;
      return found.expiresUnixMs === null || found.expiresUnixMs > nowMs() ? found : undefined;
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
