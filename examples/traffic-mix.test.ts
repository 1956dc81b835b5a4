import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, planRequest } from './traffic-mix.ts';

function plans(seed: number, count: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => planRequest(random));
}

test('the same seed plans the same requests, another seed others', () => {
  assert.deepEqual(plans(7, 100), plans(7, 100));
  assert.notDeepEqual(plans(7, 100), plans(8, 100));
});

test('two hundred requests hold every kind: workflow, chat, slow, client errors and exceptions', () => {
  for (const seed of [1, 2, 3]) {
    const paths = new Set(plans(seed, 200).map(({ method, path }) => `${method} ${path}`));
    for (const expected of [
      'POST /workflow',
      'POST /checkout',
      'POST /chat',
      'GET /reports/sales',
      'GET /products/sold-out-99',
      'GET /recommendations',
    ]) {
      assert.ok(paths.has(expected), `seed ${seed} never sends ${expected}`);
    }
  }
});

test('random numbers lie from 0 up to 1 and spread evenly', () => {
  const random = createRandom(42);
  const numbers = Array.from({ length: 10_000 }, random);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
  assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
});
