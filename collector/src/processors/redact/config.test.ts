import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { type RedactConfig, redactMistakes, redactSchema } from './config.ts';

function mistakesOf(section: object): string[] {
  const root = { redact: structuredClone(section) };
  const ajv = new Ajv({ useDefaults: true, strict: false });
  const isValid = ajv.validate({ type: 'object', properties: { redact: redactSchema } }, root);
  if (!isValid) return [ajv.errorsText()];
  return redactMistakes(root.redact as RedactConfig).map(({ message, path }) => `${path}: ${message}`);
}

test('a service is listed once', () => {
  const services = [{ service: 'a' }, { service: 'b*' }, { service: 'a', enabled: false }];
  assert.deepEqual(mistakesOf({ services }), [
    'redact.services.2.service: redact.services.0 is about a too; put both into one entry',
  ]);
  assert.deepEqual(mistakesOf({ services: services.slice(0, 2) }), []);
});

test('a value that may stay is more than a star, which would let all stay', () => {
  assert.deepEqual(mistakesOf({ allow_values: ['support@*', '*@a.example', 'a*b'] }), []);
  for (const value of ['', '*', '**'])
    assert.match(mistakesOf({ allow_values: [value] })[0] ?? '', /allow_values/);
});
