import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tracesQuery } from './traces-query.ts';

test('the API gets the filters of the address and nothing of the view', () => {
  const params = new URLSearchParams(
    'service=shop&error=true&attr.user=a&attr.user=b&tz=utc&span=1&operation=',
  );
  const query = new URLSearchParams(tracesQuery(params, { from: 'now-5m', to: 'now' }));
  assert.deepEqual(
    [...query],
    [
      ['from', 'now-5m'],
      ['to', 'now'],
      ['limit', '50'],
      ['service', 'shop'],
      ['error', 'true'],
      ['attr.user', 'a'],
      ['attr.user', 'b'],
    ],
  );
});
