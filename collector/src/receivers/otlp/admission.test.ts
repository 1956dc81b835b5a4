import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANONYMOUS, type Gate } from '#core/gate.ts';
import { admit, credentialsOf } from './admission.ts';

test('credentials are taken from the headers whatever their case, and no others', () => {
  assert.deepEqual(credentialsOf(['Host', 'a', 'Authorization', 'Bearer k', 'X-API-Key', 'k2']), {
    authorization: 'Bearer k',
    apiKey: 'k2',
  });
  assert.deepEqual(credentialsOf(['host', 'authorization']), { authorization: undefined, apiKey: undefined });
});

test('two of a kind are no key, an empty one stays one, and a long one is cut', () => {
  const twice = credentialsOf(['authorization', 'Bearer k', 'authorization', 'Bearer k', 'x-api-key', '']);
  assert.deepEqual(twice, { authorization: 'Bearer k, Bearer k', apiKey: '' });
  assert.equal(credentialsOf(['x-api-key', 'k'.repeat(20_000)]).apiKey?.length, 1025);
});

test('what the gate says becomes a sender or a failure, with a wait of at least a second', () => {
  const gateOf = (admission: ReturnType<Gate['admit']>): Gate => ({ admit: () => admission, charge() {} });
  const sender = { tenant: 'acme', keyId: 'k1' };
  assert.deepEqual(admit(gateOf({ kind: 'admitted', sender }), [], 0), { ok: true, sender });
  assert.deepEqual(admit(gateOf({ kind: 'unauthenticated', message: 'no key' }), [], 0), {
    ok: false,
    failure: { kind: 'unauthenticated', message: 'no key' },
  });
  const tooMuch = { kind: 'too_much' as const, sender: ANONYMOUS, message: 'slower', retryAfterSeconds: 0.2 };
  assert.deepEqual(admit(gateOf(tooMuch), [], 0), {
    ok: false,
    failure: { kind: 'too_much', message: 'slower', retryAfterSeconds: 1 },
  });
});
