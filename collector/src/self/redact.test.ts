import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact, redactText } from './redact.ts';

test('values under secret names are masked at any depth, in any spelling', () => {
  const names = [
    'token',
    'Authorization',
    'cookie',
    'set-cookie',
    'password',
    'secret',
    'x-api-key',
    'api_key',
    'accessToken',
  ];
  for (const name of names) {
    const line = JSON.stringify(redact({ headers: [{ [name]: 'hunter2' }] }));
    assert.ok(!line.includes('hunter2'), `${name} leaked: ${line}`);
  }
});

test('names that only resemble secrets keep their value', () => {
  const kept = { inputTokens: 12, tokens: 3, cookies: 'two', author: 'x', monkey: 'y' };
  assert.deepEqual(redact(kept), kept);
});

test('secrets in queries and headers within a text are masked, the rest stays', () => {
  assert.equal(redactText('GET /?token=abc123&a=1'), 'GET /?token=[redacted]&a=1');
  assert.equal(redactText('GET /?a=1&api_key=abc123#x'), 'GET /?a=1&api_key=[redacted]#x');
  assert.equal(redactText('sent Bearer abcdefgh12345'), 'sent Bearer [redacted]');
  assert.equal(redactText('GET /?tokens=3'), 'GET /?tokens=3');
});

test('of keys of senders only the id is kept, wherever they stand', () => {
  const key = `sbk_k3y4d0ab_${'aB-_'.repeat(11).slice(1)}`;
  assert.equal(
    redactText(`/v1/traces/${key}, '${key}'`),
    "/v1/traces/sbk_k3y4d0ab_[redacted], 'sbk_k3y4d0ab_[redacted]'",
  );
  assert.equal(redactText('risk_factor and sbk_short'), 'risk_factor and sbk_short');
});

test('errors keep type, message, code and cause, with secrets masked', () => {
  const error = new TypeError('fetch /?token=abc123 failed', { cause: new Error('inner') });
  const { error: plain } = redact({ error }) as { error: Record<string, unknown> };
  assert.equal(plain.type, 'TypeError');
  assert.equal(plain.message, 'fetch /?token=[redacted] failed');
  assert.ok(!String(plain.stack).includes('abc123'));
  assert.equal((plain.cause as Record<string, unknown>).message, 'inner');
});

test('circles, depth, long lists, long texts and odd values come out bounded and as plain data', () => {
  const circle: Record<string, unknown> = {
    big: 2n ** 64n,
    bytes: new Uint8Array(9),
    when: new Date(0),
    f: () => 1,
  };
  circle.self = circle;
  circle.list = Array.from({ length: 500 }, (_, index) => index);
  circle.text = 'x'.repeat(100_000);
  let deep: Record<string, unknown> = {};
  for (let level = 0; level < 50; level++) deep = { deep };
  const line = JSON.stringify(redact({ circle, deep }));
  assert.ok(line.length < 20_000);
  const { circle: plain } = JSON.parse(line);
  assert.equal(plain.big, '18446744073709551616');
  assert.equal(plain.bytes, '[9 bytes]');
  assert.equal(plain.when, '1970-01-01T00:00:00.000Z');
  assert.equal(plain.self, '[circular]');
  assert.equal(plain.list.length, 100);
});
