import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessConfigOf } from './access.fixture.ts';
import { accessMistakes } from './config.ts';

const mistakesOf = (sections: object) => accessMistakes(accessConfigOf(sections)).map(({ path }) => path);

test('by default nobody but the tokens and users of this Signalbox gets in', () => {
  const { oidc, proxy, session } = accessConfigOf();
  assert.deepEqual(
    [oidc.issuer, oidc.default_role, proxy.user_header, proxy.trusted_addresses],
    ['', '', '', []],
  );
  assert.deepEqual(session, { idle_minutes: 720, max_hours: 168 });
  assert.deepEqual(mistakesOf({}), []);
});

test('a provider is asked over TLS, or on this machine, and knows this Signalbox', () => {
  const client_id = 'signalbox';
  assert.deepEqual(mistakesOf({ oidc: { issuer: 'https://login.example.com', client_id } }), []);
  assert.deepEqual(mistakesOf({ oidc: { issuer: 'http://127.0.0.1:9000', client_id } }), []);
  assert.deepEqual(mistakesOf({ oidc: { issuer: 'http://login.example.com', client_id } }), [
    'access.oidc.issuer',
  ]);
  assert.deepEqual(mistakesOf({ oidc: { issuer: 'ftp://localhost', client_id } }), ['access.oidc.issuer']);
  assert.deepEqual(mistakesOf({ oidc: { issuer: 'login', client_id } }), ['access.oidc.issuer']);
  assert.deepEqual(mistakesOf({ oidc: { issuer: 'https://login.example.com' } }), ['access.oidc.client_id']);
});

test('a header is believed from addresses that are named, and these are addresses', () => {
  assert.deepEqual(mistakesOf({ proxy: { user_header: 'X-User', trusted_addresses: ['10.0.0.0/8'] } }), []);
  assert.deepEqual(mistakesOf({ proxy: { user_header: 'X-User' } }), ['access.proxy.user_header']);
  assert.deepEqual(mistakesOf({ proxy: { trusted_addresses: ['caddy'] } }), [
    'access.proxy.trusted_addresses',
  ]);
});

test('roles that are none, and headers that cannot be, are mistakes', () => {
  for (const sections of [
    { oidc: { roles: ['sre=boss'] } },
    { oidc: { roles: ['admin'] } },
    { oidc: { default_role: 'boss' } },
    { proxy: { user_header: 'X User' } },
    { session: { idle_minutes: 0 } },
    { password: 'x' },
  ]) {
    assert.throws(() => accessConfigOf(sections), Error, JSON.stringify(sections));
  }
});
