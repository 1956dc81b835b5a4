import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANONYMOUS } from '#core/gate.ts';
import { createBodyBudget } from './body-budget.ts';

const still = () => 0;
const [acme, beta] = ['acme', 'beta'].map((tenant) => ({ tenant, keyId: `${tenant}-1` })) as [
  { tenant: string; keyId: string },
  { tenant: string; keyId: string },
];

test('requests share the budget and the one that meets the limit is refused', () => {
  const budget = createBodyBudget(100, still);
  const first = budget.lease(ANONYMOUS);
  const second = budget.lease(ANONYMOUS);
  assert.equal(first.grow(60), true);
  assert.equal(second.grow(40), true);
  assert.equal(second.grow(1), false);
  assert.equal(budget.usedBytes(), 100);
  first.release();
  assert.equal(second.grow(60), true);
});

test('a request that is alone may be larger than the budget', () => {
  const budget = createBodyBudget(100, still);
  const big = budget.lease(ANONYMOUS);
  assert.equal(big.grow(500), true);
  assert.equal(budget.lease(ANONYMOUS).grow(1), false);
});

test('what is given back is given back once', () => {
  const budget = createBodyBudget(100, still);
  const lease = budget.lease(ANONYMOUS);
  lease.grow(50);
  lease.shrink(20);
  assert.equal(budget.usedBytes(), 30);
  lease.shrink(1000);
  lease.release();
  lease.release();
  assert.equal(budget.usedBytes(), 0);
});

test('above half, a sender that holds more than its share waits while another gets in', () => {
  const budget = createBodyBudget(100, still);
  const held = [1, 2, 3, 4].map(() => budget.lease(acme));
  for (const lease of held) assert.equal(lease.grow(15), true);
  assert.equal(budget.lease(beta).grow(15), true);
  assert.equal(budget.lease(acme).grow(1), false);
  assert.equal(budget.lease({ ...acme, keyId: 'acme-2' }).grow(1), false);
  assert.equal(budget.lease(beta).grow(15), true);
  held[0]!.release();
  held[1]!.release();
  assert.equal(budget.lease(acme).grow(15), true);
});

test('room is kept for a sender that was refused, for as long as it may take to come back', () => {
  let nowMs = 0;
  const budget = createBodyBudget(100, () => nowMs);
  const held = Array.from({ length: 10 }, () => budget.lease(acme));
  for (const lease of held) assert.equal(lease.grow(10), true);
  assert.equal(budget.lease(beta).grow(10), false);
  for (const lease of held.slice(0, 3)) lease.release();
  assert.equal(budget.lease(acme).grow(10), false);
  nowMs = 9_999;
  assert.equal(budget.lease(acme).grow(10), false);
  nowMs = 20_001;
  assert.equal(budget.lease(acme).grow(10), true);
});

test('the only request of a sender is not held back by what a share is', () => {
  const budget = createBodyBudget(100, still);
  assert.equal(budget.lease(beta).grow(10), true);
  const only = budget.lease(acme);
  assert.equal(only.grow(60), true);
  assert.equal(only.grow(30), true);
});
