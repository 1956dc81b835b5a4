import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { mock, test } from 'node:test';
import { type KeyRecord, NO_OWN_LIMITS } from './key-record.ts';
import { digestOfKey, makeKeyText } from './key-text.ts';
import type { LiveKey } from './live-keys.ts';
import { verifyKey } from './verify-key.ts';

const NOW = 1_800_000_000_000;
const OLD = makeKeyText('k3y4d0ab');
const KEY = makeKeyText('k3y4d0ab');

function liveKey(more: Partial<KeyRecord> = {}): LiveKey {
  const record: KeyRecord = {
    id: 'k3y4d0ab',
    name: 'shop',
    tenant: '',
    hash: digestOfKey(KEY).toString('hex'),
    last4: KEY.slice(-4),
    createdUnixMs: 0,
    createdBy: '',
    issuedUnixMs: 0,
    expiresUnixMs: null,
    revokedUnixMs: null,
    limits: NO_OWN_LIMITS,
    previous: null,
    ...more,
  };
  const previousDigest = record.previous === null ? null : Buffer.from(record.previous.hash, 'hex');
  return { record, digest: Buffer.from(record.hash, 'hex'), previousDigest };
}

const previous = (untilUnixMs: number) => ({
  hash: digestOfKey(OLD).toString('hex'),
  last4: OLD.slice(-4),
  untilUnixMs,
});
/** The key with another character at `at`. */
const wrongAt = (at: number) => `${KEY.slice(0, at)}${KEY[at] === 'A' ? 'B' : 'A'}${KEY.slice(at + 1)}`;

test('a key is good until it is revoked or has expired', () => {
  const kindOf = (more?: Partial<KeyRecord>) => verifyKey(KEY, liveKey(more), NOW).kind;
  assert.equal(kindOf(), 'good');
  assert.equal(kindOf({ expiresUnixMs: NOW + 1 }), 'good');
  assert.equal(kindOf({ expiresUnixMs: NOW }), 'expired');
  assert.equal(kindOf({ revokedUnixMs: NOW - 1 }), 'revoked');
  assert.equal(kindOf({ revokedUnixMs: NOW - 1, expiresUnixMs: NOW - 2 }), 'revoked');
});

test('after a rotation the key before it is good for its grace time, and then known to be replaced', () => {
  const kindOf = (text: string, untilUnixMs: number) =>
    verifyKey(text, liveKey({ previous: previous(untilUnixMs) }), NOW).kind;
  assert.deepEqual([kindOf(OLD, NOW + 1), kindOf(KEY, NOW + 1)], ['good', 'good']);
  assert.deepEqual([kindOf(OLD, NOW), kindOf(KEY, NOW)], ['replaced', 'good']);
});

test('of a key that is not right nothing is told, whatever became of it', () => {
  const revoked = liveKey({ revokedUnixMs: 1, expiresUnixMs: 1, previous: previous(1) });
  for (const known of [undefined, liveKey(), revoked]) {
    assert.deepEqual(verifyKey(wrongAt(30), known, NOW), { kind: 'unknown' });
  }
});

test('every comparison is of two whole digests in constant time, whichever character is wrong and whether the key is known', () => {
  const compare = mock.method(crypto, 'timingSafeEqual');
  syncBuiltinESMExports();
  try {
    const known = [undefined, liveKey(), liveKey({ previous: previous(NOW) })];
    const texts = [KEY, OLD, wrongAt(4), wrongAt(13), wrongAt(30), wrongAt(KEY.length - 1)];
    for (const key of known) {
      for (const text of texts) {
        compare.mock.resetCalls();
        verifyKey(text, key, NOW);
        const lengths = compare.mock.calls.map(({ arguments: both }) => both.map((one) => one.byteLength));
        assert.deepEqual(lengths, [
          [32, 32],
          [32, 32],
        ]);
        for (const { arguments: both } of compare.mock.calls) {
          assert.deepEqual(both[0], digestOfKey(text));
        }
      }
    }
  } finally {
    compare.mock.restore();
    syncBuiltinESMExports();
  }
});
