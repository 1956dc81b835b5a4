import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from './count.fixture.ts';
import { filterCounts, groupCounts, hasCountFilters, placeOf, servicesOf } from './counts.ts';

const COUNTS = [
  counted({ rule: 'email', count: 3 }),
  counted({ rule: 'card', count: 5, service: 'stock', lastAt: '2026-01-31T09:00:00.000Z' }),
  counted({ processor: 'sample', rule: 'drop:health_checks', action: 'dropped', signal: 'traces', count: 9 }),
];
const rulesOf = (sort: string) =>
  groupCounts(COUNTS, ['content', 'redact', 'sample'], sort).map(({ counts, processor }) =>
    [processor, ...counts.map(({ rule }) => rule)].join(' '),
  );

test('counts are grouped by processor in the order given, and sorted within by any column', () => {
  assert.deepEqual(rulesOf('-count'), ['redact card email', 'sample drop:health_checks']);
  assert.deepEqual(rulesOf('count'), ['redact email card', 'sample drop:health_checks']);
  assert.deepEqual(rulesOf('service')[0], 'redact email card');
  assert.deepEqual(rulesOf('-lastAt')[0], 'redact email card');
  assert.deepEqual(rulesOf('-nonsense')[0], 'redact card email');
});

test('a processor that nobody announced is shown after the others', () => {
  const groups = groupCounts([counted({ processor: 'new' }), counted()], ['redact'], '-count');
  assert.deepEqual(
    groups.map(({ processor }) => processor),
    ['redact', 'new'],
  );
});

test('the address narrows counts by processor and service', () => {
  const narrowed = (query: string) =>
    filterCounts(COUNTS, new URLSearchParams(query)).map(({ rule }) => rule);
  assert.deepEqual(narrowed(''), ['email', 'card', 'drop:health_checks']);
  assert.deepEqual(narrowed('service=stock'), ['card']);
  assert.deepEqual(narrowed('processor=redact&service=shop'), ['email']);
  assert.deepEqual(narrowed('service=nobody'), []);
  assert.equal(hasCountFilters(new URLSearchParams('sort=rule&processor=')), false);
  assert.equal(hasCountFilters(new URLSearchParams('service=a')), true);
});

test('services are named once, in order', () => {
  assert.deepEqual(servicesOf(COUNTS), ['shop', 'stock']);
});

test('a count leads to what it is made of, where that is still there', () => {
  assert.deepEqual(placeOf(counted()), {
    path: '/logs',
    query: { service: 'shop', q: '[redacted:email]' },
  });
  assert.deepEqual(placeOf(counted({ rule: 'user-id', action: 'hashed' }))?.query, { service: 'shop' });
  assert.deepEqual(placeOf(counted({ signal: 'traces', service: '(other)' })), {
    path: '/traces',
    query: {},
  });
  assert.equal(placeOf(counted({ action: 'dropped' })), null);
  assert.equal(placeOf(counted({ signal: 'metrics' })), null);
});
