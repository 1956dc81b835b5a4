import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRange, parseTime } from './time.ts';

const NOW = 1_767_225_600_000_000_000n;
const SECOND = 1_000_000_000n;
const parse = (text: string) => parseTime('from', text, NOW);

test('now and times relative to it', () => {
  assert.equal(parse('now'), NOW);
  assert.equal(parse('now-30s'), NOW - 30n * SECOND);
  assert.equal(parse('now-15m'), NOW - 900n * SECOND);
  assert.equal(parse('now-1h'), NOW - 3600n * SECOND);
  assert.equal(parse('now-14d'), NOW - 14n * 86_400n * SECOND);
});

test('RFC 3339 times keep all nine digits after the point', () => {
  assert.equal(parse('2026-01-01T00:00:00Z'), NOW);
  assert.equal(parse('2026-01-01T00:00:00.123456789Z'), NOW + 123_456_789n);
  assert.equal(parse('2026-01-01T00:00:00.5Z'), NOW + 500_000_000n);
  assert.equal(parse('2026-01-01t00:00:00z'), NOW);
});

test('offsets are taken off, also when the plus was not escaped in the address', () => {
  assert.equal(parse('2026-01-01T02:30:00+02:30'), NOW);
  assert.equal(parse('2026-01-01T02:30:00 02:30'), NOW);
  assert.equal(parse('2025-12-31T19:00:00.000000001-05:00'), NOW + 1n);
});

test('anything else is refused and names its parameter', () => {
  const wrong = [
    '',
    'yesterday',
    'now+1h',
    'now-1w',
    'now-1.5h',
    ' now',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00.1234567891Z',
    '2026-01-01T00:00:00+25:00',
    '1767225600',
  ];
  for (const text of wrong) {
    assert.throws(() => parse(text), { name: 'BadRequestError', param: 'from', message: /RFC 3339/ }, text);
  }
});

test('a range must go forward and fit into 64 bits of nanoseconds', () => {
  assert.deepEqual(parseRange({ from: 'now-1s', to: 'now' }, NOW), { from: NOW - SECOND, to: NOW });
  assert.throws(() => parseRange({ from: 'now', to: 'now' }, NOW), { param: 'from' });
  assert.throws(() => parseRange({ from: 'now', to: 'now-1h' }, NOW), { param: 'from' });
  assert.throws(() => parseRange({ from: 'now-99999999d', to: 'now' }, NOW), { param: 'from' });
  assert.throws(() => parseRange({ from: 'now', to: '2263-01-01T00:00:00Z' }, NOW), { param: 'to' });
});
