import { createHash, scryptSync, timingSafeEqual } from 'node:crypto';

/** The two tokens that are there from the start. Comparisons take the same time for any input. */
export interface StandingTokens {
  isOperator(token: string): boolean;
  isMachine(token: string): boolean;
  /** Differs for another operators' token, so that sessions end with the token they were opened by. */
  operatorEpoch(): string;
}

export function createStandingTokens(tokens: { operator: string; machine: string }): StandingTokens {
  let epoch: string | null = null;
  return {
    isOperator: (token) => isSame(token, tokens.operator),
    isMachine: (token) => isSame(token, tokens.machine),
    operatorEpoch() {
      // It is kept in a file, and the token may be one that somebody thought up: it must not be cheap to guess.
      epoch ??= scryptSync(tokens.operator, 'signalbox console session', 16).toString('base64url');
      return epoch;
    },
  };
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b)) && b !== '';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
