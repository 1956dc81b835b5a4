import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { tlsMistakes, tlsSchema } from './config.ts';
import { tlsConfig } from './listener.fixture.ts';

const validate = new Ajv({ useDefaults: true, strict: false }).compile(tlsSchema);

test('by default there is no TLS, and that is no mistake', () => {
  const config = {};
  assert.ok(validate(config));
  assert.deepEqual(config, tlsConfig({}));
  assert.deepEqual(tlsMistakes('otlp_http', tlsConfig({})), []);
});

test('old versions and unknown keys are refused', () => {
  assert.ok(!validate({ min_version: '1.1' }));
  assert.ok(!validate({ cert: 'x' }));
});

test('half a pair is a mistake that names the other half', () => {
  const pathsOf = (config: Parameters<typeof tlsConfig>[0]) =>
    tlsMistakes('console', tlsConfig(config)).map(({ path }) => path);
  assert.deepEqual(pathsOf({ cert_file: 'a' }), ['console.tls.key_file']);
  assert.deepEqual(pathsOf({ key_file: 'a' }), ['console.tls.cert_file']);
  assert.deepEqual(pathsOf({ client_ca_file: 'a' }), ['console.tls.cert_file']);
  assert.deepEqual(pathsOf({ cert_file: 'a', key_file: 'b', client_ca_file: 'c' }), []);
});
