import { test } from 'node:test';
import { bearerBasic } from './bearer-basic.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

const basic = Buffer.from('ann:opensesame').toString('base64');

test('the credential goes and its scheme stays', () => {
  finds(bearerBasic, [
    `Authorization: Bearer ⟦${filler(40)}⟧`,
    `bearer ⟦${filler(12)}⟧, next`,
    `BEARER ⟦3f9a0c71-be58-4d24-83f9-0c71be58d246⟧`,
    `"Bearer ⟦a.b_c-${filler(20)}==⟧"`,
    `Bearer%20⟦${filler(40)}⟧`,
    `Bearer ⟦${filler(700)}⟧.`,
    `Basic ⟦${basic}⟧`,
    `Token ⟦${filler(40, 'hex')}⟧`,
    'Digest ⟦username="ann", realm="r", nonce="abc", uri="/", response="6629fae49393a05397450978507c4ef1"⟧',
  ]);
});

test('sentences about the schemes stay', () => {
  leaves(bearerBasic, [
    'Bearer authentication failed',
    'bearer token is missing',
    'WWW-Authenticate: Bearer realm="api", error="invalid_token"',
    'Basic realm="x"',
    'basic auth required, basic authentication',
    'Unexpected token } in JSON at position 12',
    'token expired at 2026-03-14T09:26:53Z',
    'token.count=5 token count 12345',
    `digest sha256:${filler(64, 'hex')}`,
    'Bearer [redacted:bearer-basic] Bearer REDACTED',
    'forbearer x1234567890123456',
    `Bearer v1.2.3-beta`,
  ]);
});
