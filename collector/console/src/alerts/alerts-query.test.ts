import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertsQuery, hasAlertFilters, withLabel } from './alerts-query.ts';

const of = (query: string) => new URLSearchParams(query);

test('filters of the address go to the API; range, clock and the opened alert do not', () => {
  const query = alertsQuery(of('state=firing&severity=critical&q=a+b&alert=x-1&from=now-5m&tz=utc&live=0'));
  assert.equal(query, 'limit=200&state=firing&severity=critical&q=a+b');
  assert.equal(alertsQuery(of('state=&q=')), 'limit=200');
});

test('only what narrows the list is a filter', () => {
  assert.equal(hasAlertFilters(of('from=now-5m&alert=x-1&q=')), false);
  for (const query of ['state=resolved', 'severity=info', 'q=a']) {
    assert.equal(hasAlertFilters(of(query)), true, query);
  }
});

test('a label is added to the words once, a value of several words by its first', () => {
  assert.equal(withLabel(null, 'team', 'shop'), 'team=shop');
  assert.equal(withLabel('a  b', 'team', 'shop'), 'a b team=shop');
  assert.equal(withLabel('team=shop a', 'team', 'shop'), 'a team=shop');
  assert.equal(withLabel('', 'route', 'GET /cart'), 'route=GET');
});
