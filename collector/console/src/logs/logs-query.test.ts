import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasLogFilters, logsQuery, tailQuery } from './logs-query.ts';

const params = new URLSearchParams('q=timed+out&severity=WARN&attr.k=v&tail=1&from=now-5m');

test('the list asks with a time range, the tail without one', () => {
  assert.equal(
    logsQuery(params, { from: 'now-5m', to: 'now' }),
    'severity=WARN&q=timed+out&attr.k=v&from=now-5m&to=now&limit=500',
  );
  assert.equal(tailQuery(params), 'severity=WARN&q=timed+out&attr.k=v');
});

test('a time range alone is no filter', () => {
  assert.equal(hasLogFilters(params), true);
  assert.equal(hasLogFilters(new URLSearchParams('from=now-5m&tail=1')), false);
});
