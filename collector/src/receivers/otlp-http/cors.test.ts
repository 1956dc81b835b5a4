import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCors, isPreflight } from './cors.ts';

function corsFor(...allowed_origins: string[]) {
  return createCors({ allowed_origins, allowed_headers: ['content-type', 'x-key'], max_age_seconds: 60 });
}

test('by default no origin is allowed', () => {
  assert.equal(corsFor().allows('https://a.example'), false);
  assert.equal(corsFor().allows('null'), false);
});

test('an exact origin is compared without case, with scheme and port', () => {
  const cors = corsFor('https://App.example');
  assert.equal(cors.allows('https://app.example'), true);
  assert.equal(cors.allows('http://app.example'), false);
  assert.equal(cors.allows('https://app.example:8443'), false);
  assert.equal(cors.allows('https://app.example.evil'), false);
});

test('a star stands for names below the domain and for nothing else', () => {
  const cors = corsFor('https://*.example.com');
  assert.equal(cors.allows('https://a.example.com'), true);
  assert.equal(cors.allows('https://a.b.example.com'), true);
  for (const origin of [
    'https://example.com',
    'https://.example.com',
    'https://evilexample.com',
    'https://evil.test/.example.com',
    'https://evil.test#.example.com',
    'https://evil.test:1.example.com',
    'https://user@.example.com',
    'http://a.example.com',
    'https://a.example.com.evil.test',
  ]) {
    assert.equal(cors.allows(origin), false, origin);
  }
});

test('the origin is echoed with Vary, a star is answered with a star', () => {
  assert.deepEqual(corsFor('https://a.example').headers('https://a.example'), {
    'access-control-allow-origin': 'https://a.example',
    'access-control-expose-headers': 'retry-after',
    vary: 'origin',
  });
  const any = corsFor('*');
  assert.equal(any.allows('null'), true);
  assert.equal(any.headers('https://b.example')['access-control-allow-origin'], '*');
});

test('the preflight answer names method, headers and age', () => {
  assert.deepEqual(corsFor('*').preflightHeaders(), {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, x-key',
    'access-control-max-age': '60',
  });
});

test('a preflight request is OPTIONS with an origin and a wanted method', () => {
  const headers = { origin: 'https://a.example', 'access-control-request-method': 'POST' };
  assert.equal(isPreflight('OPTIONS', headers), true);
  assert.equal(isPreflight('POST', headers), false);
  assert.equal(isPreflight('OPTIONS', { origin: 'https://a.example' }), false);
});
