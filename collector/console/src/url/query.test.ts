import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  changeQuery,
  hrefOf,
  parseAttributeFilter,
  readAttributeFilters,
  sharedQuery,
  withAttribute,
  withoutAttribute,
} from './query.ts';

test('null and nothing remove, lists repeat, the rest stays', () => {
  const before = new URLSearchParams('a=1&b=2&c=3');
  const after = changeQuery(before, { a: null, b: '', d: ['x', 'y'] });
  assert.equal(after.toString(), 'c=3&d=x&d=y');
  assert.equal(before.toString(), 'a=1&b=2&c=3');
});

test('only range, clock and pause go along to another page', () => {
  const params = new URLSearchParams('from=now-5m&tz=utc&live=0&service=shop&span=1');
  assert.equal(sharedQuery(params).toString(), 'from=now-5m&tz=utc&live=0');
});

test('addresses stay readable', () => {
  assert.equal(
    hrefOf('/traces', new URLSearchParams({ from: '2026-01-31T10:00:00Z' })),
    '/traces?from=2026-01-31T10:00:00Z',
  );
  assert.equal(hrefOf('/traces', new URLSearchParams()), '/traces');
});

test('attribute filters are added once and removed one by one', () => {
  const filter = { key: 'http.route', value: '/a' };
  let params = new URLSearchParams('attr.http.route=%2Fb');
  params = changeQuery(params, withAttribute(params, filter));
  params = changeQuery(params, withAttribute(params, filter));
  assert.deepEqual(readAttributeFilters(params), [{ key: 'http.route', value: '/b' }, filter]);
  params = changeQuery(params, withoutAttribute(params, { key: 'http.route', value: '/b' }));
  assert.deepEqual(readAttributeFilters(params), [filter]);
});

test('any attribute survives the address', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(text, text, (key, value) => {
      const params = changeQuery(new URLSearchParams(), withAttribute(new URLSearchParams(), { key, value }));
      const { searchParams } = new URL(hrefOf('/traces', params), 'http://localhost');
      assert.deepEqual(readAttributeFilters(searchParams), [{ key, value }]);
    }),
  );
});

test('typed filters are split at the first equals sign', () => {
  assert.deepEqual(parseAttributeFilter(' url.query = a=b '), { key: 'url.query', value: 'a=b' });
  assert.deepEqual(parseAttributeFilter('user="ann b"'), { key: 'user', value: 'ann b' });
  for (const wrong of ['', 'key', '=value', 'key=']) assert.equal(parseAttributeFilter(wrong), null);
});
