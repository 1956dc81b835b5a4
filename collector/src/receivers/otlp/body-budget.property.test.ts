import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BodyLease, createBodyBudget } from './body-budget.ts';

const MAX_BYTES = 1000;
const sender = (index: number) => ({ tenant: `tenant-${index}`, keyId: `key-${index}` });

interface Held {
  sender: number;
  bytes: number;
  lease: BodyLease;
}

const action = fc.oneof(
  fc.record({
    kind: fc.constant('grow' as const),
    sender: fc.nat(4),
    old: fc.nat(9),
    bytes: fc.integer({ min: 1, max: 400 }),
  }),
  fc.record({ kind: fc.constant('shrink' as const), index: fc.nat(9), bytes: fc.nat(400) }),
  fc.record({ kind: fc.constant('release' as const), index: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(20_000) }),
);

test('whatever is taken and given back, the sum is right and bounded, and a sender at its share is not held back', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let nowMs = 0;
      const budget = createBodyBudget(MAX_BYTES, () => nowMs);
      const held: Held[] = [];
      const sum = (of: readonly Held[]) => of.reduce((total, { bytes }) => total + bytes, 0);
      for (const step of actions) {
        if (step.kind === 'wait') nowMs += step.ms;
        else if (step.kind === 'grow') {
          const known = held.filter((one) => one.sender === step.sender)[step.old];
          const one = known ?? { sender: step.sender, bytes: 0, lease: budget.lease(sender(step.sender)) };
          const own = sum(held.filter((other) => other.sender === step.sender));
          const before = sum(held);
          const isRoom = one.lease.grow(step.bytes);
          if (isRoom) {
            one.bytes += step.bytes;
            if (known === undefined) held.push(one);
          }
          const isAlone = before === one.bytes - (isRoom ? step.bytes : 0);
          if (isAlone) assert.ok(isRoom);
          // Five senders at most, so a share is never less than a fifth.
          if (before + step.bytes <= MAX_BYTES && own + step.bytes <= MAX_BYTES / 5) assert.ok(isRoom);
          if (before + step.bytes > MAX_BYTES && !isAlone) assert.ok(!isRoom);
        } else {
          const one = held[step.index];
          if (one === undefined) continue;
          if (step.kind === 'shrink') {
            one.lease.shrink(step.bytes);
            one.bytes -= Math.min(step.bytes, one.bytes);
          } else {
            one.lease.release();
            held.splice(step.index, 1);
          }
        }
        assert.equal(budget.usedBytes(), sum(held));
      }
      for (const { lease } of held) lease.release();
      assert.equal(budget.usedBytes(), 0);
    }),
  );
});

test('a sender that repeats as it is told gets in, however many requests greedy ones keep in flight', () => {
  const scenario = fc.record({
    greedy: fc.integer({ min: 1, max: 4 }),
    bytes: fc.integer({ min: 5, max: 100 }),
    holdTicks: fc.integer({ min: 1, max: 30 }),
    wanted: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(scenario, ({ greedy, bytes, holdTicks, wanted }) => {
      let tick = 0;
      const budget = createBodyBudget(MAX_BYTES, () => tick * 100);
      let open: { lease: BodyLease; until: number }[] = [];
      const runGreedy = () => {
        for (const { lease, until } of open) if (until <= tick) lease.release();
        open = open.filter(({ until }) => until > tick);
        for (let turn = 0; turn < 100; turn++) {
          const lease = budget.lease(sender(1 + (turn % greedy)));
          if (lease.grow(bytes)) open.push({ lease, until: tick + 1 + ((turn + tick) % holdTicks) });
        }
      };
      const runFor = (ticks: number) => {
        for (const end = tick + ticks; tick < end; tick++) runGreedy();
      };
      runFor(100);
      const modest = budget.lease(sender(0));
      let tries = 1;
      for (; !modest.grow(wanted); tries++) {
        assert.ok(tries < 10, `not in after ${tries} tries`);
        runFor(10);
      }
      assert.ok(budget.usedBytes() <= MAX_BYTES);
    }),
    { numRuns: 200 },
  );
});
