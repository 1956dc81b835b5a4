import type { Attempts } from './attempts.ts';
import { BusyError } from './hash-queue.ts';
import type { UserRecord } from './people-file.ts';
import { OPERATOR_TOKEN, type Principal } from './principal.ts';
import type { Sessions } from './sessions.ts';
import type { StandingTokens } from './standing-tokens.ts';
import type { Users } from './users.ts';

/** `wrong` says nothing about what was wrong: not whether the name is known, nor whether it is disabled. */
export type LoginOutcome =
  | { kind: 'in'; sessionId: string; principal: Principal }
  | { kind: 'wrong' }
  | { kind: 'wait'; seconds: number };

/** Trades what a person knows for a session. Every attempt is counted. */
export interface Logins {
  withPassword(name: string, password: string, address: string): Promise<LoginOutcome>;
  /** With the operators' token. */
  withToken(token: string, address: string): LoginOutcome;
  /** Whether the password is this user's: asked before it is changed. */
  confirm(name: string, password: string, address: string): Promise<'right' | 'wrong' | { seconds: number }>;
}

export interface LoginsDeps {
  users: Users;
  sessions: Sessions;
  attempts: Attempts;
  standing: StandingTokens;
}

const BUSY_SECONDS = 2;
const MAX_INPUT = 1024;

export function createLogins({ attempts, sessions, standing, users }: LoginsDeps): Logins {
  async function check(
    name: string,
    password: string,
    address: string,
  ): Promise<UserRecord | null | { seconds: number }> {
    const account = name.trim().toLowerCase();
    const attempt = attempts.begin(address, `user ${account}`);
    if (attempt.kind === 'wait') return { seconds: attempt.seconds };
    try {
      const user = await users.verify(account, password.slice(0, MAX_INPUT));
      if (user !== null) attempt.succeeded();
      return user;
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      return { seconds: BUSY_SECONDS };
    }
  }

  return {
    async withPassword(name, password, address) {
      const found = await check(name, password, address);
      if (found === null) return { kind: 'wrong' };
      if ('seconds' in found) return { kind: 'wait', ...found };
      const { epoch, name: known, role } = found;
      const { id } = sessions.create({ kind: 'user', name: known, role, epoch });
      return { kind: 'in', sessionId: id, principal: { kind: 'user', name: known, role, scopes: [] } };
    },
    withToken(token, address) {
      const attempt = attempts.begin(address, 'operator token');
      if (attempt.kind === 'wait') return attempt;
      if (!standing.isOperator(token)) return { kind: 'wrong' };
      attempt.succeeded();
      const epoch = standing.operatorEpoch();
      const { id } = sessions.create({
        kind: 'operator_token',
        name: 'operator token',
        role: 'admin',
        epoch,
      });
      return { kind: 'in', sessionId: id, principal: OPERATOR_TOKEN };
    },
    async confirm(name, password, address) {
      const found = await check(name, password, address);
      if (found === null) return 'wrong';
      return 'seconds' in found ? { seconds: found.seconds } : 'right';
    },
  };
}
