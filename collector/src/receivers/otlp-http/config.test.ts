import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { otlpHttpSchema } from './config.ts';

function check(value: object) {
  const validate = new Ajv({ useDefaults: true, strict: false }).compile(otlpHttpSchema);
  const filled = structuredClone(value);
  return { valid: validate(filled), filled };
}

test('every key has a default, and they are safe', () => {
  const { valid, filled } = check({});
  assert.equal(valid, true);
  assert.deepEqual(filled, {
    host: '127.0.0.1',
    port: 4318,
    public_url: '',
    allow_unauthenticated: false,
    tls: { cert_file: '', key_file: '', client_ca_file: '', min_version: '1.2' },
    max_body_bytes: 67_108_864,
    max_items: 500_000,
    max_concurrent_body_bytes: 268_435_456,
    body_timeout_ms: 30_000,
    keep_alive_timeout_ms: 75_000,
    max_connections: 1024,
    cors: {
      allowed_origins: [],
      allowed_headers: [
        'content-type',
        'content-encoding',
        'authorization',
        'x-api-key',
        'traceparent',
        'tracestate',
        'baggage',
      ],
      max_age_seconds: 7200,
    },
  });
});

test('every key has a description', () => {
  const sections = [otlpHttpSchema, otlpHttpSchema.properties.cors];
  for (const [key, schema] of sections.flatMap((section) => Object.entries(section.properties))) {
    assert.ok('description' in schema, key);
  }
});

for (const [what, value] of [
  ['an unknown key', { prot: 4318 }],
  ['a public address that is none', { public_url: 'monitoring.example.com' }],
  ['an unknown key below cors', { cors: { origins: [] } }],
  ['a port above 65535', { port: 70_000 }],
  ['an origin with a path', { cors: { allowed_origins: ['https://a.example/x'] } }],
  ['a star inside an origin', { cors: { allowed_origins: ['https://a.*.example'] } }],
  ['an origin without a scheme', { cors: { allowed_origins: ['a.example'] } }],
  ['a header name with a line break', { cors: { allowed_headers: ['a\r\nb'] } }],
] as const) {
  test(`${what} is refused`, () => assert.equal(check(value).valid, false));
}

test('the three forms of an origin are taken', () => {
  const allowed_origins = ['*', 'http://localhost:3000', 'https://*.example.com', 'chrome-extension://abc'];
  assert.equal(check({ cors: { allowed_origins } }).valid, true);
});
