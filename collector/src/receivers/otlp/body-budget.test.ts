import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBodyBudget } from './body-budget.ts';

test('requests share the budget and the one that meets the limit is refused', () => {
  const budget = createBodyBudget(100);
  const first = budget.lease();
  const second = budget.lease();
  assert.equal(first.grow(60), true);
  assert.equal(second.grow(40), true);
  assert.equal(second.grow(1), false);
  assert.equal(budget.usedBytes(), 100);
  first.release();
  assert.equal(second.grow(60), true);
});

test('a request that is alone may be larger than the budget', () => {
  const budget = createBodyBudget(100);
  const big = budget.lease();
  assert.equal(big.grow(500), true);
  assert.equal(budget.lease().grow(1), false);
});

test('what is given back is given back once', () => {
  const budget = createBodyBudget(100);
  const lease = budget.lease();
  lease.grow(50);
  lease.shrink(20);
  assert.equal(budget.usedBytes(), 30);
  lease.shrink(1000);
  lease.release();
  lease.release();
  assert.equal(budget.usedBytes(), 0);
});
