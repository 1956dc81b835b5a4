import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKeyText } from './key-text.ts';
import { presentedKey } from './presented-key.ts';

const KEY = makeKeyText('k3y4d0ab');
const shown = (authorization?: string, apiKey?: string) => presentedKey({ authorization, apiKey });

test('a key comes as a bearer token, as x-api-key, or as both', () => {
  const key = { kind: 'key', id: 'k3y4d0ab', text: KEY };
  assert.deepEqual(shown(`Bearer ${KEY}`), key);
  assert.deepEqual(shown(`bearer  ${KEY} `), key);
  assert.deepEqual(shown(undefined, KEY), key);
  assert.deepEqual(shown(undefined, ` ${KEY} `), key);
  assert.deepEqual(shown(`Bearer ${KEY}`, KEY), key);
});

test('without either header there is no key; with one that is empty there is a wrong one', () => {
  assert.deepEqual(shown(), { kind: 'none' });
  for (const [authorization, apiKey] of [
    [undefined, ''],
    [undefined, ' '],
    ['', undefined],
    ['', ''],
  ] as const) {
    const presented = shown(authorization, apiKey);
    assert.ok(presented.kind === 'no_key');
    assert.match(presented.message, /^The API key is empty/);
  }
  assert.equal(shown(`Bearer ${KEY}`, '').kind, 'key');
});

const WRONG: [what: string, authorization: string | undefined, apiKey: string | undefined, told: RegExp][] = [
  ['two keys', `Bearer ${KEY}`, makeKeyText('k3y4d0ab'), /different keys/],
  ['another scheme', `Basic ${KEY}`, undefined, /is not "Bearer KEY"/],
  ['another scheme beside a good key', `Basic ${KEY}`, KEY, /is not "Bearer KEY"/],
  ['a key without a scheme', KEY, undefined, /is not "Bearer KEY"/],
  ['an encoded space', `Bearer%20${KEY}`, undefined, /x-api-key=KEY/],
  ['a key of somebody else', undefined, 'hcaik_01hq', /begin with sbk_/],
  ['no key at all', 'Bearer ', undefined, /./],
  ['a key cut short', `Bearer ${KEY.slice(0, -1)}`, undefined, /copy the whole/],
  ['two keys in one header', undefined, `${KEY}, ${KEY}`, /copy the whole/],
];

test('what is no key is told apart, without a word of what was sent', () => {
  for (const [what, authorization, apiKey, told] of WRONG) {
    const presented = shown(authorization, apiKey);
    assert.ok(presented.kind === 'no_key', what);
    assert.match(presented.message, told, what);
    for (const part of [KEY, KEY.slice(13), 'hcaik']) assert.ok(!presented.message.includes(part), what);
  }
});
