import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unheardForMs } from './unheard.ts';

const NOW = Date.parse('2026-01-31T10:00:00Z');
const HOUR = 3_600_000;
const toldBefore = (ms: number) => String(BigInt(NOW - ms) * 1_000_000n);

test('what fires and was told in the last five hours is heard of', () => {
  for (const ms of [0, -HOUR, 5 * HOUR]) {
    assert.equal(unheardForMs({ state: 'firing', lastNotifiedUnixNano: toldBefore(ms) }, NOW), null);
  }
});

test('what fires and was not repeated may be over without that being told', () => {
  const ms = 5 * HOUR + 1;
  assert.equal(unheardForMs({ state: 'firing', lastNotifiedUnixNano: toldBefore(ms) }, NOW), ms);
});

test('of what is over nothing more is expected', () => {
  assert.equal(unheardForMs({ state: 'resolved', lastNotifiedUnixNano: toldBefore(90 * HOUR) }, NOW), null);
});
