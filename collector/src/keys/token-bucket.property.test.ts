import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSenderMeter } from './sender-meter.ts';
import { createTokenBucket } from './token-bucket.ts';

const limit = fc.record({
  perSecond: fc.integer({ min: 1, max: 10_000 }),
  burstSeconds: fc.integer({ min: 1, max: 60 }),
});
const step = fc.record({
  waitMs: fc.double({ min: 0, max: 20_000, noNaN: true }),
  amount: fc.integer({ min: 0, max: 200_000 }),
});

test('never more comes through than a burst, what time brings, and the one request that goes beyond', () => {
  fc.assert(
    fc.property(limit, fc.array(step, { maxLength: 60 }), (of, steps) => {
      let nowMs = 0;
      const bucket = createTokenBucket(of, () => nowMs);
      let taken = 0;
      for (const { amount, waitMs } of steps) {
        nowMs += waitMs;
        if (bucket.debtSeconds() > 0) continue;
        const allowed = of.perSecond * of.burstSeconds + (of.perSecond * nowMs) / 1000;
        assert.ok(taken < allowed + 1e-3, `${taken} before this one, ${allowed} allowed`);
        bucket.take(amount);
        taken += amount;
      }
    }),
  );
});

test('who waits as long as told is let in, and not before', () => {
  fc.assert(
    fc.property(limit, fc.integer({ min: 1, max: 1_000_000 }), (of, excess) => {
      let nowMs = 0;
      const bucket = createTokenBucket(of, () => nowMs);
      bucket.take(of.perSecond * of.burstSeconds + excess);
      const seconds = bucket.debtSeconds();
      nowMs = seconds * 999;
      assert.ok(bucket.debtSeconds() > 0);
      nowMs = seconds * 1000 + 1;
      assert.equal(bucket.debtSeconds(), 0);
    }),
  );
});

test('requests that are under way together are held to the same, but for as many as came before the first was read', () => {
  const scenario = fc.record({
    of: limit,
    items: fc.integer({ min: 1, max: 2000 }),
    together: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(scenario, ({ items, of, together }) => {
      let nowMs = 0;
      const limits = {
        itemsPerSecond: of.perSecond,
        bytesPerSecond: 0,
        burstSeconds: of.burstSeconds,
        itemsPerDay: 0,
      };
      const meter = createSenderMeter(limits, () => nowMs);
      // All requests are alike, so that after many of them a guess is as good as knowing.
      let requests = 0;
      while (requests++ < 200 || meter.debt() === null) meter.settle(meter.reserve(0), { items, bytes: 0 });
      nowMs += (meter.debt()?.seconds ?? 0) * 1000 + 1;
      let letIn = 0;
      while (letIn < together && meter.debt() === null) {
        meter.reserve(0);
        letIn++;
      }
      assert.ok(letIn >= 1);
      assert.ok((letIn - 1) * items <= of.perSecond * 1e-3 + 1e-6 * items, `${letIn} were let in`);
    }),
  );
});

test('declared bytes count from the start, and what did not come is given back', () => {
  const limits = { itemsPerSecond: 0, bytesPerSecond: 100, burstSeconds: 1, itemsPerDay: 0 };
  const meter = createSenderMeter(limits, () => 0);
  const reserved = meter.reserve(1000);
  assert.deepEqual(meter.debt(), { of: 'bytes', seconds: 9 });
  meter.settle(reserved, { items: 0, bytes: 20 });
  assert.equal(meter.debt(), null);
  meter.settle(meter.reserve(0), { items: 5, bytes: 90 });
  assert.equal(meter.debt()?.of, 'bytes');
});
