import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absoluteRange, DEFAULT_RANGE, endsNow, presetLabel, readRange, resolveTime } from './range.ts';

const NOW = Date.parse('2026-01-31T10:00:00Z');
const read = (query: string) => readRange(new URLSearchParams(query));

test('times are now, relative, or RFC 3339', () => {
  assert.equal(resolveTime('now', NOW), NOW);
  assert.equal(resolveTime('now-15m', NOW), NOW - 900_000);
  assert.equal(resolveTime('now-7d', NOW), NOW - 604_800_000);
  assert.equal(resolveTime('2026-01-31T09:00:00Z', NOW), NOW - 3_600_000);
  for (const wrong of ['', 'yesterday', 'now+1h', 'now-1y', '2026'])
    assert.equal(resolveTime(wrong, NOW), null);
});

test('a range that cannot be read falls back to the last hour', () => {
  assert.deepEqual(read(''), DEFAULT_RANGE);
  assert.deepEqual(read('from=x'), DEFAULT_RANGE);
  assert.deepEqual(read('from=now-5m&to=now-1h'), DEFAULT_RANGE);
  assert.deepEqual(read('from=now-24h'), { from: 'now-24h', to: 'now' });
  assert.deepEqual(read('from=2026-01-31T09:00:00Z'), { from: '2026-01-31T09:00:00Z', to: 'now' });
});

test('only a range that ends now moves with the clock', () => {
  assert.equal(endsNow(DEFAULT_RANGE), true);
  assert.equal(endsNow({ from: 'now-2h', to: 'now-1h' }), false);
});

test('a dragged range is in order and never empty', () => {
  assert.deepEqual(absoluteRange(NOW + 1500.4, NOW), {
    from: '2026-01-31T10:00:00.000Z',
    to: '2026-01-31T10:00:01.501Z',
  });
  const { from, to } = absoluteRange(NOW, NOW);
  assert.ok(Date.parse(to) > Date.parse(from));
});

test('presets have names, other relative ranges are spelled out', () => {
  assert.equal(presetLabel(DEFAULT_RANGE), 'Last 1 hour');
  assert.equal(presetLabel({ from: 'now-3h', to: 'now' }), 'Last 3h');
  assert.equal(presetLabel({ from: '2026-01-31T09:00:00Z', to: 'now' }), null);
});
