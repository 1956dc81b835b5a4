import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitConfig } from './testing/limited.ts';
import { limitWarning } from './warning.ts';

test('the warning says what each limit did, and nothing when none acted', () => {
  assert.equal(
    limitWarning({ attributes: 12, value_length: 3, time: 1 }, limitConfig()),
    'limits applied: 3 values cut to 262144 bytes, 12 attributes dropped (limit.max_attributes 256), ' +
      '1 time far off set to that of receipt (limit.max_future_days, limit.max_past_days); the rest was accepted',
  );
  assert.equal(limitWarning({}, limitConfig()), '');
});
