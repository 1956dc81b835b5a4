import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOfKey, keyIdIn, makeKeyId, makeKeyText } from './key-text.ts';

test('a key holds its id and 32 random bytes, and only characters that headers and variables take as they are', () => {
  const key = makeKeyText('k3y4d0ab');
  const [, id, secret] = /^sbk_([a-z\d]{8})_([A-Za-z\d_-]{43})$/.exec(key)!;
  assert.equal(id, 'k3y4d0ab');
  assert.equal(Buffer.from(secret!, 'base64url').length, 32);
  assert.equal(encodeURIComponent(key), key);
  assert.equal(keyIdIn(key), id);
});

test('what has not the form of a key has no id', () => {
  const key = makeKeyText('k3y4d0ab');
  for (const text of [
    '',
    'sbk_',
    `${key}x`,
    key.slice(0, -1),
    ` ${key}`,
    `${key}\n`,
    key.replace('k3', 'K3'),
  ]) {
    assert.equal(keyIdIn(text), null, JSON.stringify(text));
  }
});

test('ids and keys differ from one to the next', () => {
  assert.equal(new Set(Array.from({ length: 500 }, makeKeyId)).size, 500);
  assert.notEqual(makeKeyText('k3y4d0ab'), makeKeyText('k3y4d0ab'));
});

test('what is kept of a key is its SHA-256', () => {
  // FIPS 180-4, the example "abc".
  assert.equal(
    digestOfKey('abc').toString('hex'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
