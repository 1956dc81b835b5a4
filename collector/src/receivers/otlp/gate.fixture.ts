import type { Credentials, Gate, Sender } from '#core/gate.ts';

export const GOOD_KEY = 'sb_good_key_of_acme';
export const TIRED_KEY = 'sb_key_over_its_limit';
const WAIT_SECONDS = 7;

/** A gate that knows two keys, one of them over its limit, and keeps what it was asked and told. */
export function createTestGate() {
  const asked: { credentials: Credentials; bytes: number }[] = [];
  const charged: { sender: Sender; items: number; bytes: number; isAccepted: boolean }[] = [];
  const sender = { tenant: 'acme', keyId: 'key-1' };
  const gate: Gate = {
    admit(credentials, bytes) {
      asked.push({ credentials, bytes });
      const key = credentials.apiKey ?? credentials.authorization?.replace(/^Bearer /, '');
      if (key === GOOD_KEY) return { kind: 'admitted', sender };
      if (key !== TIRED_KEY) return { kind: 'unauthenticated', message: 'a key is needed' };
      return { kind: 'too_much', sender, message: 'over the limit', retryAfterSeconds: WAIT_SECONDS };
    },
    charge: (who, brought) => void charged.push({ sender: who, ...brought }),
  };
  return { gate, asked, charged, sender };
}
