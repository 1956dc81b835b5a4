import type { Credentials, Gate, Sender } from '#core/gate.ts';
import type { Failure } from './failure.ts';

export type Admitted = { ok: true; sender: Sender } | { ok: false; failure: Failure };

/** A key is far shorter; what is longer is handed on cut, as a wrong one. */
const MAX_CREDENTIAL_CHARS = 1024;

/** Asks the gate by the headers of a request, as Node lists them: name, value, name, value. `bytes` as declared. */
export function admit(gate: Gate, rawHeaders: readonly string[], bytes: number): Admitted {
  const admission = gate.admit(credentialsOf(rawHeaders), bytes);
  switch (admission.kind) {
    case 'admitted':
      return { ok: true, sender: admission.sender };
    case 'unauthenticated':
      return { ok: false, failure: { kind: 'unauthenticated', message: admission.message } };
    case 'too_much': {
      const { message, retryAfterSeconds } = admission;
      const wait = Math.max(1, Math.ceil(retryAfterSeconds));
      return { ok: false, failure: { kind: 'too_much', message, retryAfterSeconds: wait } };
    }
  }
}

/** A header that is there twice is both values in one, so that it is no key; which of them counts would be a guess. */
export function credentialsOf(rawHeaders: readonly string[]): Credentials {
  const credentials: Credentials = { authorization: undefined, apiKey: undefined };
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    const field = name === 'authorization' ? name : name === 'x-api-key' ? 'apiKey' : null;
    if (field === null) continue;
    const before = credentials[field];
    const value = before === undefined ? rawHeaders[at + 1]! : `${before}, ${rawHeaders[at + 1]}`;
    credentials[field] = value.slice(0, MAX_CREDENTIAL_CHARS + 1);
  }
  return credentials;
}
