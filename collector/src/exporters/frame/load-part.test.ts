import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordInfo } from '#core/record.ts';
import { checkRequest } from '#otlp/check.ts';
import { logsPayload } from '#test/support/otlp-payload.ts';
import { pieceOf } from './load-part.ts';

const HOUR_MS = 3_600_000;
/** Times of a payload are told up to 4.3 s too wide. */
const ROUGHLY_MS = 4300;
const NOW_MS = 1_795_000_000_000;

const AGES_MS = [0, 5 * HOUR_MS, 3 * HOUR_MS, HOUR_MS];
const { bytes } = logsPayload(
  { service: 'shop' },
  AGES_MS.map((ageMs, index) => ({
    time: BigInt(NOW_MS - ageMs) * 1_000_000n,
    body: 'x'.repeat(index === 1 ? 5000 : 10),
  })),
);

function infoOf(payload: Uint8Array): RecordInfo {
  const checked = checkRequest('logs', payload);
  assert.ok(checked.ok);
  const { items, longestItemBytes, maxTimeUnixMs, minTimeUnixMs } = checked;
  return {
    signal: 'logs',
    sequence: 7,
    itemsBefore: 100,
    items,
    tenant: '',
    encoding: 'gzip',
    source: 'otlp_http',
    storedBytes: 10,
    uncompressedBytes: payload.length,
    receivedUnixNano: 0n,
    minTimeUnixMs,
    maxTimeUnixMs,
    longestItemBytes,
  };
}

test('a piece of a payload says when its own items are from and how long the longest is, not those of the whole', () => {
  const whole = infoOf(bytes);
  const { info, payload } = pieceOf(whole, bytes, { from: 2, to: 4 });
  assert.ok(info.maxTimeUnixMs >= NOW_MS - HOUR_MS && info.maxTimeUnixMs <= NOW_MS - HOUR_MS + ROUGHLY_MS);
  assert.ok(
    info.minTimeUnixMs <= NOW_MS - 3 * HOUR_MS && info.minTimeUnixMs >= NOW_MS - 3 * HOUR_MS - ROUGHLY_MS,
  );
  assert.ok(info.longestItemBytes < 100 && whole.longestItemBytes > 5000);
  assert.deepEqual([info.items, info.itemsBefore, info.encoding], [2, 102, 'identity']);
  assert.deepEqual([info.storedBytes, info.uncompressedBytes], [payload.length, payload.length]);
  assert.deepEqual(infoOf(payload).maxTimeUnixMs, info.maxTimeUnixMs);
});

test('all of a payload keeps what is known of it, uncompressed', () => {
  const whole = infoOf(bytes);
  const { info, payload } = pieceOf(whole, bytes, null);
  assert.equal(payload, bytes);
  assert.deepEqual(info, { ...whole, encoding: 'identity', storedBytes: bytes.length });
});
