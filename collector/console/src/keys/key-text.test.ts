import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiKey } from './key.fixture.ts';
import { headersVariable, keyState, limitsText, refusedTexts } from './key-text.ts';

const UNTIL = '2026-02-01T00:00:00.000Z';
const DEFAULTS = { itemsPerSecond: 0, bytesPerSecond: 0, burstSeconds: 10, itemsPerDay: 0 };

test('a key is rotating while the one before it holds, and not any more when it has ended', () => {
  assert.equal(keyState(apiKey()), 'active');
  assert.equal(keyState(apiKey({ previousUntil: UNTIL })), 'rotating');
  assert.equal(keyState(apiKey({ state: 'revoked', previousUntil: UNTIL })), 'revoked');
  assert.equal(keyState(apiKey({ state: 'expired' })), 'expired');
});

test('limits of the configuration hold where the key has none; 0 is no limit, also of its own', () => {
  const { limits } = apiKey();
  assert.deepEqual(limitsText(limits, DEFAULTS), ['no limit']);
  const configured = { ...DEFAULTS, itemsPerSecond: 5000, itemsPerDay: 10 };
  assert.deepEqual(limitsText(limits, configured), ['5,000 items/s', '10 items a day']);
  const own = { ...limits, itemsPerSecond: 0, bytesPerSecond: 1_048_576, itemsPerDay: 20 };
  assert.deepEqual(limitsText(own, configured), ['1 MiB/s', '20 items a day']);
});

test('refusals are told by reason, the most frequent first, and none that did not happen', () => {
  assert.deepEqual(refusedTexts({ items: 2, bytes: 0, revoked: 1200 }), ['1,200 revoked', '2 over items/s']);
  assert.deepEqual(refusedTexts({}), []);
});

test('the variable is what SDKs read', () => {
  assert.equal(headersVariable('sb_x_y'), 'OTEL_EXPORTER_OTLP_HEADERS=x-api-key=sb_x_y');
});
